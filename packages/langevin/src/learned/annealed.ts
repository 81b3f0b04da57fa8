import { requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { diffusionOf, moved, normalLike } from './diffusion.js'
import type { Diffusion } from './diffusion.js'
import { requireLevels } from './levels.js'
import type { Score } from './score-model.js'

/** Choices of `annealedLangevin`. */
export interface AnnealedOptions {
  /** Noise levels that fall, all above zero. */
  readonly levels: readonly number[]
  /** Langevin steps at each level, 20 by default. */
  readonly stepsPerLevel?: number
  /** The step at level σ is this times σ²; 0.1 by default. */
  readonly step?: number
}

/**
 * Annealed Langevin dynamics (Song and Ermon 2019, algorithm 1): at one noise level after another
 * `x + α/2 s(x, σ) + sqrt(α) ξ` with `α = step σ²`, whatever the level in one proportion to what it has to correct. The
 * paper's ε is `step σ_L²`, σ_L being the smallest level.
 *
 * @throws InvalidOption; when it runs, DimensionMismatch, and Diverged with the chain and the iteration
 */
export const annealedLangevin = (options: AnnealedOptions): ((score: Score) => Diffusion) => {
  const where = 'annealedLangevin'
  requireKnownKeys(['levels', 'stepsPerLevel', 'step'])(where, options)
  const levels = requireLevels(`${where}: levels`, options.levels)
  levels.forEach((level) => requirePositive(`${where}: levels`, level))
  const perLevel = requireInteger(1)(`${where}: stepsPerLevel`, options.stepsPerLevel ?? 20)
  const step = requirePositive(`${where}: step`, options.step ?? 0.1)
  const levelOf = (iteration: number): number => levels[Math.floor(iteration / perLevel)] ?? 0
  return (score) =>
    diffusionOf(where, score, levels.length * perLevel, levelOf, (points, iteration, key) => {
      const level = levelOf(iteration)
      const size = step * level * level
      return moved(points, [size / 2, score.at(points, level)], [Math.sqrt(size), normalLike(points, key)])
    })
}
