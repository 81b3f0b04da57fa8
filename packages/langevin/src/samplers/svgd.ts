import type { Backend } from '@monge/backend'
import { mongeError, requireKnownKeys } from '@monge/errors'
import { euler } from '@monge/flows'
import type { Motion } from '@monge/flows'
import { gaussian as gaussianKernel } from '@monge/kernels'
import type { Kernel } from '@monge/kernels'
import { tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import { dimensionOf, freeAllBut, pointsOf, startWith } from '../chain.js'
import { requireFiniteChains } from '../diverged.js'
import { gradientAt } from '../field.js'
import { tensorAt } from '../place.js'
import type { Potential } from '../potential.js'
import type { ChainState, Sampler } from '../sampler.js'

/** Choices of Stein variational gradient descent: a step, or another rule of motion, such as `adam(0.1)` of flows. */
export type SvgdOptions<Memory> = ({ readonly step: number } | { readonly motion: Motion<Memory> }) & {
  /** A kernel of the difference of two points; by default a Gaussian whose width follows the median distance. */
  readonly kernel?: Kernel
}

/** Where particles stand, with what their rule of motion remembers. */
export interface SvgdState<Memory = unknown> extends ChainState {
  readonly memory: Memory
}

/** What is worth knowing of a step. */
export interface SvgdInfo {
  /** The root mean square of the particles' speeds. */
  readonly speed: number
}

/**
 * Stein variational gradient descent: particles that move down the potential together and keep apart, without noise,
 * `dx_i/dt = sum_j w_j (∇_(x_j) k(x_j, x_i) - k(x_j, x_i) ∇V(x_j))`, w being the weights over their sum. The direction is that
 * in which the Kullback-Leibler divergence from the target falls fastest among the maps of the kernel's space.
 *
 * Without a kernel, `exp(-|x - y|² / h)` with `h = med² / log(n + 1)` of the median distance, found anew in every step.
 *
 * @throws InvalidOption; Diverged; DimensionMismatch
 * @see Liu, Wang, Stein variational gradient descent (2016)
 */
export const svgd =
  <Memory = undefined>(potential: Potential, options: SvgdOptions<Memory>) =>
  <V>(backend: Backend<V>): Sampler<SvgdState<Memory>, SvgdInfo> => {
    requireKnownKeys(['step', 'motion', 'kernel'])('svgd', options)
    const motion = 'motion' in options ? options.motion : (euler(options.step) as unknown as Motion<Memory>)
    const { kernel } = options
    if (kernel !== undefined && (kernel.features !== undefined || !['radial', 'lp'].includes(kernel.pairwise.tag)))
      throw mongeError('InvalidOption', 'svgd: kernel', 'expected a kernel of the difference of two points')

    const velocityOf = (points: Float64Array, weights: Float64Array, d: number): Float64Array => {
      const { vectors } = backend
      const n = weights.length
      const { pairwise } = kernel ?? gaussianKernel(medianWidth(points, d))
      const slopes = gradientAt(potential, points, d)
      const cloud = tensorAt<Tensor2D>(backend, points, [n, d])
      const geometry = backend.geometry(pairwise, cloud, cloud)
      try {
        const drift = vectors.scope(() => {
          const pull = vectors.fromArray(slopes.map((slope, i) => -slope * (weights[Math.floor(i / d)] as number)))
          const ones = vectors.fromArray(new Float64Array(n).fill(1))
          // The gradient in the other point is minus that in one's own.
          const push = geometry.sumGradient(ones, vectors.fromArray(weights), 1)
          return vectors.linear([
            [1, geometry.sum(pull, d)],
            [-1, push],
          ])
        })
        const values = Float64Array.from(vectors.toArray(drift))
        vectors.release(drift)
        return values
      } finally {
        geometry.dispose()
        cloud.dispose()
      }
    }

    return {
      init: (key, start) =>
        startWith('svgd', potential, key, start, ({ measure }) => ({
          memory: potential.place.within(() =>
            tidy(() => motion.init(measure.points) as unknown as TensorContainer),
          ) as unknown as Memory,
        })),
      step: (state) => {
        const d = dimensionOf(state)
        const { points: before, weights } = state.measure
        const masses = Float64Array.from(weights.dataSync())
        const total = masses.reduce((sum, weight) => sum + weight, 0)
        const shares = masses.map((weight) => weight / total)
        const velocity = velocityOf(pointsOf(state), shares, d)
        const iteration = state.iteration + 1
        requireFiniteChains('svgd', velocity, d, iteration, 'a velocity')
        const move = (): TensorContainer => {
          const tensor = tensorAt<Tensor2D>(potential.place, velocity, before.shape)
          const position = { points: before, weights, velocity: tensor, value: Number.NaN, valueAt: noValue }
          const { points, memory } = motion.move(position, state.memory)
          return { points, memory } as unknown as TensorContainer
        }
        const moved = potential.place.within(() => tidy(move)) as unknown as { points: Tensor2D; memory: Memory }
        const next = { ...state, iteration, measure: { weights, points: moved.points }, memory: moved.memory }
        try {
          requireFiniteChains('svgd', pointsOf(next), d, iteration)
        } catch (error) {
          freeAllBut(state, next)
          throw error
        }
        return { state: next, info: { speed: Math.sqrt(meanSquare(velocity, shares, d)) } }
      },
    }
  }

const noValue = (): number => {
  throw mongeError('InvalidOption', 'svgd: motion', 'expected a rule that needs no value to go by')
}

const meanSquare = (velocity: Float64Array, shares: Float64Array, d: number): number =>
  velocity.reduce((sum, v, i) => sum + (shares[Math.floor(i / d)] as number) * v * v, 0)

/** More points than this are represented by every so manieth. */
const enough = 400

/** The σ of `exp(-|x - y|² / 2σ²)` for which all other points together weigh about as much as one does by itself. */
const medianWidth = (points: Float64Array, d: number): number => {
  const n = points.length / d
  const stride = Math.ceil(n / enough)
  const squares: number[] = []
  for (let i = 0; i < n; i += stride)
    for (let j = 0; j < i; j += stride) {
      let square = 0
      for (let axis = 0; axis < d; axis++) square += ((points[i * d + axis] as number) - (points[j * d + axis] as number)) ** 2
      squares.push(square)
    }
  const median = Float64Array.from(squares).toSorted()[squares.length >> 1] ?? 0
  return median > 0 ? Math.sqrt(median / (2 * Math.log(n + 1))) : 1
}
