import { mongeError, requireInteger, requireKnownKeys, requireNonNegative, requirePositive } from '@monge/errors'

/** A ladder of noise levels. */
export interface LadderOptions {
  readonly largest: number
  readonly smallest: number
  readonly count: number
}

/**
 * Noise levels from the largest to the smallest, each the same part of the one before it (Song and Ermon, Generative
 * modeling by estimating gradients of the data distribution, 2019).
 *
 * @throws InvalidOption
 */
export const geometricLevels = (options: LadderOptions): readonly number[] => {
  requireKnownKeys(['largest', 'smallest', 'count'])('geometricLevels', options)
  const largest = requirePositive('geometricLevels: largest', options.largest)
  const smallest = requirePositive('geometricLevels: smallest', options.smallest)
  const count = requireInteger(1)('geometricLevels: count', options.count)
  if (smallest > largest)
    throw mongeError('InvalidOption', 'geometricLevels: smallest', `expected at most the largest, ${largest}, got ${smallest}`)
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? largest : index === count - 1 ? smallest : largest * (smallest / largest) ** (index / (count - 1)),
  )
}

/** Levels that fall, all above zero but perhaps the last. */
export const requireLevels = (where: string, levels: readonly number[]): readonly number[] => {
  if (levels.length === 0) throw mongeError('InvalidOption', where, 'there are none')
  levels.forEach((level, index) => {
    if (index === 0 || index < levels.length - 1) requirePositive(where, level)
    else requireNonNegative(where, level)
    if (index > 0 && level > (levels[index - 1] ?? 0)) throw mongeError('InvalidOption', where, 'expected levels that fall')
  })
  return [...levels]
}
