import type { Place } from '@monge/backend'
import { geometricLevels, residualNetwork, scoreModel } from '@monge/langevin'
import type { ResidualParams, ScoreModel } from '@monge/langevin'
import { size } from '@monge-tooling/handwriting'

/** From noise that hides any digit to noise that hides none, for pixels from -1 to 1. */
export const most = 15
export const least = 0.05

/** So many levels of noise between them, falling. */
export const down = (count: number): readonly number[] => geometricLevels({ largest: most, smallest: least, count })

/** The mean deviation of a pixel. */
export const deviation = 0.6

/** The model of pictures with layers of so many units. */
export const modelOf = (width: number): ((place: Place) => ScoreModel<ResidualParams>) =>
  scoreModel({ network: residualNetwork({ dimension: size, width, blocks: 2 }), deviation, predicts: 'data' })
