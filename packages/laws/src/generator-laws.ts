import fc from 'fast-check'
import { differentiate, tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { disposeMeasure, toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import { dispose, gather, memory, mul, sin, sum, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { permutationArbitrary } from './arbitraries/maps.js'
import { keyArbitrary } from './arbitraries/vocabulary.js'
import { largest, requireAllClose, requireAtLeast, requireClose, requireThat, total, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { contentsOf, leavesOf, tensorsWithin, withLeaves } from './trees.js'

/** A parametric model of a measure as the laws see it; a `Generator` of `@monge/generators` is one. */
export interface GeneratorLike<P> {
  readonly place: Place
  /** `count` points `[count, k]` drawn by a key */
  noise(key: Key, count: number): Tensor2D
  init(key: Key): P
  /** Noise `[count, k]` to a measure of `count` points `[count, d]` */
  apply(params: P, noise: Tensor2D): Measure
}

/** What a generator claims, and how it is tried. */
export interface GeneratorLawOptions {
  /** Whether each point comes of its own row of the noise alone; default true. False for batch statistics. */
  readonly pointwise?: boolean
  /** Whether the weights sum to 1; default true. */
  readonly normalised?: boolean
  /** Whether `apply` is differentiable in the parameters; default true. */
  readonly differentiable?: boolean
  /** The most points that are drawn; default 6. */
  readonly maxPoints?: number
  /** Relative error of a derivative; by default 1e-6 in float64 and 1e-2 in float32. */
  readonly accuracy?: number
}

interface Draw {
  readonly ofParams: Key
  readonly ofNoise: Key
  readonly count: number
}

/**
 * The laws of a generator:
 *
 * - noise, parameters and images are functions of their key and arguments: the same twice
 * - different keys give different noise
 * - the image is a measure of as many points as the noise has rows, of non-negative weights (and mass 1)
 * - pointwise: the noise in another order gives the points in that order
 * - the gradient in the parameters, of a smooth function of points and weights, is the derivative of its values
 * - no argument is changed, and no tensor left behind but the result
 */
export const generatorLaws = <P>(
  generator: GeneratorLike<P>,
  options: GeneratorLawOptions = {},
): readonly Law[] => {
  const { pointwise = true, normalised = true, differentiable = true, maxPoints = 6 } = options
  const draws = fc.record({ ofParams: keyArbitrary(), ofNoise: keyArbitrary(), count: fc.integer({ min: 1, max: maxPoints }) })
  /** Runs the body where the generator lives, and frees all that was made. */
  const here = <A>(body: () => A): A =>
    generator.place.within(() => {
      let result: A | undefined
      tidy(() => {
        result = body()
      })
      return result as A
    })
  const drawn = ({ ofParams, ofNoise, count }: Draw): { readonly params: P; readonly noise: Tensor2D } => ({
    params: generator.init(ofParams),
    noise: generator.noise(ofNoise, count),
  })
  const unit = (): number => 64 * unitOf(generator.place.precision)

  return [
    law('draws finite noise, one row for each point', draws, ({ ofNoise, count }) => {
      here(() => {
        const noise = generator.noise(ofNoise, count)
        requireThat(`the noise is of shape [${noise.shape.join()}], expected [${count}, k]`, noise.rank === 2 && noise.shape[0] === count)
        requireThat('the noise is not finite', noise.dataSync().every(Number.isFinite))
      })
    }),
    law('gives the same for the same key', draws, (draw) => {
      here(() => {
        const [one, other] = [drawn(draw), drawn(draw)]
        requireThat('init differs from itself', contentsOf(one.params) === contentsOf(other.params))
        requireThat('noise differs from itself', contentsOf(one.noise) === contentsOf(other.noise))
        const [image, again] = [one, one].map(({ params, noise }) => contentsOf(toArrays(generator.apply(params, noise))))
        requireThat('apply differs from itself', image === again)
      })
    }),
    law('draws other noise for another key', fc.tuple(keyArbitrary(), keyArbitrary()), ([one, other]) => {
      const same = contentsOf(one) === contentsOf(other)
      here(() => {
        const equal = contentsOf(generator.noise(one, 4)) === contentsOf(generator.noise(other, 4))
        requireThat('two keys give the same noise', same || !equal)
      })
    }),
    law('makes a measure', draws, (draw) => {
      here(() => {
        const { params, noise } = drawn(draw)
        const { points, weights } = toArrays(generator.apply(params, noise))
        requireThat(`there are ${points.length} points for ${draw.count} rows of noise`, points.length === draw.count)
        requireThat('a point is not finite', points.flat().every(Number.isFinite))
        weights.forEach((weight, index) => {
          requireAtLeast(`weight ${index}`, weight, 0, 0)
        })
        if (normalised) requireClose('the mass', total(weights), 1, unit())
      })
    }),
    ...(pointwise
      ? [
          law(
            'maps each row of the noise by itself',
            draws.chain((draw) => fc.record({ draw: fc.constant(draw), order: permutationArbitrary(draw.count) })),
            ({ draw, order }) => {
              here(() => {
                const { params, noise } = drawn(draw)
                const there = toArrays(generator.apply(params, noise))
                const moved = toArrays(generator.apply(params, gather(noise, tensor1d(order, 'int32'))))
                const expected = order.map((row) => there.points[row] ?? [])
                requireAllClose('the points of reordered noise', moved.points.flat(), expected.flat(), unit() * (1 + largest(expected.flat())))
                const single = toArrays(generator.apply(params, gather(noise, tensor1d([0], 'int32'))))
                const [first = []] = there.points
                requireAllClose('the image of the first row alone', single.points.flat(), first, unit() * (1 + largest(first)))
              })
            },
          ),
        ]
      : []),
    ...(differentiable ? [derivativeLaw(generator, draws, here, drawn, options)] : []),
    law('leaves its arguments as they are, and no tensor behind', draws, (draw) => {
      generator.place.within(() => {
        const start = memory().numTensors
        const { params, noise } = drawn(draw)
        const made = tensorsWithin(params).length + 1
        const extra = memory().numTensors - start - made
        requireThat(`init and noise leave ${extra} tensors behind`, extra === 0)
        const given = contentsOf([params, noise])
        const before = memory().numTensors
        disposeMeasure(generator.apply(params, noise))
        const left = memory().numTensors - before
        requireThat(`apply leaves ${left} tensors behind`, left === 0)
        requireThat('apply has changed or freed its arguments', tensorsWithin([params, noise]).every((tensor) => !tensor.isDisposed))
        requireThat('apply has changed its arguments', contentsOf([params, noise]) === given)
        dispose([...tensorsWithin(params), noise])
      })
    }),
  ]
}

const derivativeLaw = <P>(
  generator: GeneratorLike<P>,
  draws: fc.Arbitrary<Draw>,
  here: <A>(body: () => A) => A,
  drawn: (draw: Draw) => { params: P; noise: Tensor2D },
  { accuracy }: GeneratorLawOptions,
): Law =>
  law('has the derivative of its values for gradient in the parameters', draws, (draw) => {
    here(() => {
      const { params, noise } = drawn(draw)
      const exact = unitOf(generator.place.precision) < 1e-10
      const step = exact ? 2 ** -10 : 2 ** -6
      const observed = (given: P): Tensor => {
        const { points, weights } = generator.apply(given, noise)
        return sum(mul(weights, sum(sin(points), 1)))
      }
      const leaves = leavesOf(params, 'params')
      leaves.forEach(([path, leaf], place) => {
        const values = leaf.dataSync()
        const replaced = (by: Tensor): P => withLeaves(params, leaves.map(([, other], index) => (index === place ? by : other)))
        const slope = Array.from(differentiate((given) => observed(replaced(given)), leaf, tensorFrom<Tensor1D>([1], [])).dataSync())
        // One direction for all entries, that no symmetry of the model hides.
        const direction = Array.from(values, (_, index) => Math.cos(1 + index))
        const along = (by: number): number => {
          const moved = tensorFrom(Array.from(values, (value, index) => value + by * (direction[index] ?? 0)), leaf.shape)
          return observed(replaced(moved)).dataSync()[0] ?? NaN
        }
        const expected = (8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))) / (12 * step)
        const found = total(slope.map((entry, index) => entry * (direction[index] ?? 0)))
        const size = 1 + largest(slope) * slope.length + noise.shape[1]
        requireClose(`the derivative along ${path}`, found, expected, (accuracy ?? (exact ? 1e-6 : 1e-2)) * size)
      })
    })
  })
