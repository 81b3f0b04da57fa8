/** Whether each step sees the whole of one data set, or data drawn anew. */
export type DataKind = 'fixed' | 'fresh'

/** Whether the learning rate stays, or falls to 0 by half a cosine. */
export type RateKind = 'constant' | 'falling'

/** What a fit does beside its loss. */
export interface Recipe {
  readonly data: DataKind
  readonly rate: RateKind
  /** The decay of the moving average of the parameters that is taken for the fit; 0 for the last ones. */
  readonly average: number
  /** The degree of the model's curve. */
  readonly degree: number
  /** How many fits, of which the one with the least training loss counts. */
  readonly starts: number
}

/** The notebook's: one data set, a constant rate, the last parameters, a parabola. */
export const asPublished: Recipe = { data: 'fixed', rate: 'constant', average: 0, degree: 2, starts: 1 }

/** What brings a fit as near to the truth as its curve allows: no data set to fit too well, and no noise of the last steps. */
export const settling: Recipe = { ...asPublished, data: 'fresh', rate: 'falling', average: 0.9 }
