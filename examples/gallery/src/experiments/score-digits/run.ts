import { unpack } from '@monge-examples/score-digits/parameters'
import { anneal, diffuse, flow, guess, moments } from '@monge-examples/score-digits/samples'
import type { Way } from '@monge-examples/score-digits/samples'
import type { Pictures } from '@monge-tooling/handwriting'
import { requireOneOf } from '@monge/errors'
import type { Score } from '@monge/langevin'
import type { Run } from '../../experiment.js'
import type { Extra } from './extra.js'
import { ways } from './ways.js'

const wayOf = (name: unknown, score: Score, levels: number): Way =>
  ({
    diffusion: () => diffuse(score, undefined, levels),
    flow: () => flow(score, levels),
    annealed: () => anneal(score, undefined, levels),
  })[requireOneOf(ways)('sampler', name)]()

const bytesOf = (pictures: Pictures): Uint8Array => {
  const clamped = Uint8ClampedArray.from(pictures.flatMap((picture) => Array.from(picture, (ink) => 127.5 * (ink + 1))))
  return new Uint8Array(clamped.buffer)
}

/** The root mean square of the pixels' differences. */
const apart = (pictures: Pictures, others: Pictures): number => {
  let [sum, count] = [0, 0]
  pictures.forEach((picture, row) => {
    for (let pixel = 0; pixel < picture.length; pixel += 1, count += 1)
      sum += ((picture[pixel] ?? 0) - (others[row]?.[pixel] ?? 0)) ** 2
  })
  return Math.sqrt(sum / count)
}

const inkOf = (pictures: Pictures): number => {
  const pixels = pictures.flatMap((picture) => Array.from(picture))
  return pixels.reduce((sum, ink) => sum + (ink + 1) / 2, 0) / pixels.length
}

export const run: Run = async function* (settings, { backend, signal }) {
  // A few hundred kB that no other page needs.
  const { packed } = await import('@monge-examples/score-digits/score')
  if (signal.aborted) return
  const { score, dispose } = unpack(packed)(backend)
  try {
    const way = wayOf(settings['sampler'], score, Number(settings['levels']))
    for (const moment of moments(way, Number(settings['pictures']), Number(settings['seed']))) {
      if (signal.aborted) return
      const { step, level, pictures } = moment
      const guessed = guess(score)(moment)
      const extra: Extra = { count: pictures.length, level, noisy: bytesOf(pictures), guessed: bytesOf(guessed) }
      yield { step, clouds: {}, readings: { level, apart: apart(pictures, guessed), ink: inkOf(guessed) }, extra }
    }
  } finally {
    dispose()
  }
}
