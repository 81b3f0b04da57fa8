import type { BackendName, Cloud, Frame, Page, Settings } from '../experiment.js'

/** What the data of an experiment are made of. */
export interface Recorded {
  readonly page: Page
  readonly settings: Settings
  readonly backend: BackendName
  readonly frame: Frame
  readonly history: readonly Frame[]
}

/** A cloud as data: a list of its points, and weights where they differ. */
interface PlainCloud {
  readonly points: readonly (readonly number[])[]
  readonly weights?: readonly number[]
}

/**
 * What the JSON file holds: the experiment, its settings, backend and step; the readings of that step; the readings of
 * the steps before it, by name, each beside the number of its step; and the clouds. What is no number is `null`.
 */
export interface ExperimentData {
  readonly experiment: string
  readonly title: string
  readonly settings: Settings
  readonly backend: BackendName
  readonly step: number
  readonly readings: Readonly<Record<string, number>>
  readonly history: { readonly steps: readonly number[]; readonly readings: Readonly<Record<string, readonly number[]>> }
  readonly clouds: Readonly<Record<string, PlainCloud>>
}

// The shortest decimals that give back the same float32: "0.1", not "0.10000000149011612".
const plain = (value: number): number => {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

const plainCloud = ({ points, dimension, weights }: Cloud): PlainCloud => ({
  points: Array.from({ length: points.length / dimension }, (_, index) =>
    Array.from(points.subarray(index * dimension, (index + 1) * dimension), plain),
  ),
  ...(weights === undefined ? {} : { weights: Array.from(weights, plain) }),
})

/** The data of a moment, and of the readings that led to it. */
export const dataOf = ({ page, settings, backend, frame, history }: Recorded): ExperimentData => ({
  experiment: page.id,
  title: page.title,
  settings,
  backend,
  step: frame.step,
  readings: frame.readings,
  history: {
    steps: history.map(({ step }) => step),
    readings: Object.fromEntries(
      Object.keys(frame.readings).map((name) => [name, history.map(({ readings }) => readings[name] ?? NaN)]),
    ),
  },
  clouds: Object.fromEntries(Object.entries(frame.clouds).map(([name, cloud]) => [name, plainCloud(cloud)])),
})
