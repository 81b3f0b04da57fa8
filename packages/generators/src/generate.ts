import type { Measure } from '@monge/measures'
import { requireInteger } from '@monge/errors'
import type { Key } from '@monge/random'
import type { Generator } from './generator.js'
import type { Params } from './params.js'
import { tidyAt } from './value-and-gradient.js'

/** A measure of `count` points from a generator with parameters: the same for the same key, and the caller's to dispose of. */
export const generate =
  <P extends Params>(generator: Generator<P>) =>
  (params: P, key: Key, count: number): Measure => {
    requireInteger(1)('generate: count', count)
    return tidyAt(generator.place, () => generator.apply(params, generator.noise(key, count)))
  }
