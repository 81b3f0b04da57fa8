import { add, clone, customGrad, tidy, zerosLike } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core'
import type { Place } from '../place.js'
import { untaped } from '../untaped.js'

/** The product of an upstream gradient with the derivative in one input, from the inputs and the value. */
export type Gradient<Inputs, T extends Tensor> = (upstream: T, inputs: Inputs, value: T) => Tensor

/**
 * A function of tensors whose derivative in each input is known: computed once, off the tape, and put on it as one node
 * for each input, so that nobody pays for the derivative in an input that is not asked for.
 */
export const withGradients =
  <Inputs extends readonly Tensor[], T extends Tensor>(
    place: Place,
    value: (inputs: Inputs) => T,
    gradients: { readonly [K in keyof Inputs]: Gradient<Inputs, T> },
  ) =>
  (inputs: Inputs): T =>
    place.within(() =>
      tidy(() => {
        const result = untaped(() => value(inputs))
        const node = (gradient: Gradient<Inputs, T>, input: Tensor, index: number): T => {
          const operation = customGrad((...given) => {
            // tfjs passes `save` after the inputs.
            const save = given[1] as unknown as GradSaveFunc
            save([result, ...inputs])
            return {
              // The value is the sum of the nodes.
              value: index === 0 ? clone(result) : zerosLike(result),
              gradFunc: (upstream, saved) => {
                const [kept, ...rest] = saved as [T, ...Tensor[]]
                return place.within(() => untaped(() => gradient(upstream as T, rest as unknown as Inputs, kept)))
              },
            }
          })
          return operation(input) as T
        }
        return inputs
          .map((input, index) => node(gradients[index] as Gradient<Inputs, T>, input, index))
          .reduce((sum, term) => add(sum, term))
      }),
    )
