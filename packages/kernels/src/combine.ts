import { add, mul } from '@tensorflow/tfjs-core'
import { scaledPairwise } from '@monge/costs'
import { mongeError } from '@monge/errors'
import type { Pairwise, Profile } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Definiteness, Kernel } from './kernel.js'
import { matrix } from './matrix.js'

/**
 * `k_1(x, y) + … + k_l(x, y)`
 *
 * @throws InvalidArgument if the list is empty
 */
export const sum = (kernels: readonly Kernel[]): Kernel => {
  const [first, ...others] = nonEmpty('sum', kernels)
  if (others.length === 0) return first
  return {
    name: kernels.map((kernel) => kernel.name).join(' + '),
    ...joined(
      kernels,
      (terms) => ({ tag: 'sum', terms }),
      (left, right) => add(left, right),
    ),
    definiteness: sumDefiniteness(kernels.map((kernel) => kernel.definiteness)),
  }
}

/**
 * `k_1(x, y) · … · k_l(x, y)`: positive if all of them are (Schur).
 *
 * @throws InvalidArgument if the list is empty
 */
export const product = (kernels: readonly Kernel[]): Kernel => {
  const [first, ...others] = nonEmpty('product', kernels)
  if (others.length === 0) return first
  const logarithm = productLogarithm(kernels)
  return {
    name: kernels.map((kernel) => `(${kernel.name})`).join(' '),
    ...joined(
      kernels,
      (factors) => ({ tag: 'product', factors }),
      (left, right) => mul(left, right),
    ),
    definiteness: kernels.every((kernel) => kernel.definiteness === 'positive') ? 'positive' : 'unknown',
    ...(logarithm && { logarithm }),
  }
}

const nonEmpty = (where: string, kernels: readonly Kernel[]): readonly [Kernel, ...Kernel[]] => {
  const [first, ...others] = kernels
  if (first === undefined) throw mongeError('InvalidArgument', where, 'expected at least one kernel')
  return [first, ...others]
}

const sumDefiniteness = (all: readonly Definiteness[]): Definiteness =>
  all.includes('unknown') ? 'unknown' : all.includes('conditional') ? 'conditional' : 'positive'

/** One radial profile where all kernels are radial on the same features; else a function that takes them in turn. */
const joined = (
  kernels: readonly Kernel[],
  profile: (parts: readonly Profile[]) => Profile,
  operation: (left: Tensor2D, right: Tensor2D) => Tensor2D,
): Pick<Kernel, 'pairwise' | 'features'> => {
  const profiles = sharedProfiles(kernels)
  if (profiles === undefined)
    return {
      pairwise: {
        tag: 'function',
        value: (x, y) => kernels.map((kernel) => matrix(kernel)(x, y)).reduce(operation),
      },
    }
  const features = kernels[0]?.features
  return { pairwise: { tag: 'radial', profile: profile(profiles) }, ...(features && { features }) }
}

const sharedProfiles = (kernels: readonly Kernel[]): readonly Profile[] | undefined =>
  kernels.every((kernel) => kernel.features === kernels[0]?.features)
    ? radialProfiles(kernels.map((kernel) => kernel.pairwise))
    : undefined

const radialProfiles = (all: readonly Pairwise[]): readonly Profile[] | undefined => {
  const profiles = all.flatMap((pairwise) => (pairwise.tag === 'radial' ? [pairwise.profile] : []))
  return profiles.length === all.length ? profiles : undefined
}

const productLogarithm = (kernels: readonly Kernel[]): Kernel['logarithm'] => {
  const logarithms = kernels.flatMap((kernel) => kernel.logarithm ?? [])
  if (logarithms.length < kernels.length || sharedProfiles(kernels) === undefined) return undefined
  const terms = radialProfiles(logarithms.map(({ cost, epsilon }) => scaledPairwise(1 / epsilon, cost)))
  const offset = logarithms.reduce((total, logarithm) => total + (logarithm.offset ?? 0), 0)
  return terms && { cost: { tag: 'radial', profile: { tag: 'sum', terms } }, epsilon: 1, offset }
}
