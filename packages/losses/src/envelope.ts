import { clone, customGrad, engine, mul } from '@tensorflow/tfjs-core'
import { knownCopy } from '@monge/backend'
import type { Place } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { GradSaveFunc, Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** The gradient of a scalar in one measure. */
export interface MeasureGradient {
  /** `[n]` */
  readonly weights: Tensor1D
  /** `[n, d]` */
  readonly points: Tensor2D
}

/**
 * A scalar that depends on one measure and whose gradient in it is known by a theorem, not by taping the computation:
 * the envelope theorem for the value of an optimisation problem, linearity for a kernel norm.
 */
export interface EnvelopeTerm {
  readonly place: Place
  readonly measure: Measure
  /** The value; made once, from the tensors in `saved` or from what the caller holds. */
  readonly value: () => Scalar
  /** What the gradient will need besides the measure: kept by tfjs for as long as the tape lives. */
  readonly saved: readonly Tensor[]
  /** The gradient, computed only if it is asked for. */
  readonly gradient: (measure: Measure, saved: readonly Tensor[]) => MeasureGradient
}

/**
 * Puts an envelope term on tfjs's tape. A loss between two measures is the sum of one term for each, so that whoever
 * differentiates in one of them does not pay for the other.
 */
export const envelopeTerm = (term: EnvelopeTerm): Scalar => {
  const { place, measure, value, saved, gradient } = term
  // tfjs types the arguments of a custom operation as tensors or `save` alike; `save` comes last.
  const operation = customGrad((...inputs) => {
    const save = inputs[2] as GradSaveFunc
    const originals = [measure.weights, measure.points, ...saved]
    save(originals)
    return {
      value: value(),
      gradFunc: (upstream, kept) =>
        place.within(() => {
          originals.forEach((original, i) => knownCopy(kept[i], original))
          const [weights, points, ...rest] = kept as [Tensor1D, Tensor2D, ...Tensor[]]
          const slopes = gradient({ weights, points }, rest)
          return [times(slopes.weights, upstream as Scalar), times(slopes.points, upstream as Scalar)]
        }),
    }
  })
  return operation(measure.weights, measure.points) as Scalar
}

/** `slope upstream`. tfjs's plain backend goes from number to number by their coordinates; where no tape looks on, a loop will do. */
const times = (slope: Tensor, upstream: Scalar): Tensor => {
  if (engine().backendName !== 'cpu' || engine().state.gradientDepth > 0) return mul(slope, upstream)
  const [factor = NaN] = upstream.dataSync<'float32'>()
  // Not itself: what adds up gradients frees those that it has added.
  if (factor === 1) return clone(slope)
  const values = slope.dataSync<'float32'>()
  const result = new Float32Array(values.length)
  for (let i = 0; i < result.length; i++) result[i] = (values[i] ?? NaN) * factor
  return engine().makeTensor(result, slope.shape, 'float32')
}
