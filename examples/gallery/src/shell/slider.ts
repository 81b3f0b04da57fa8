import type { RangeControl } from '../experiment.js'

type Range = Pick<RangeControl, 'min' | 'max' | 'step' | 'logarithmic'>

/** How many places a slider has that moves by factors; others have the numbers themselves. */
export const places = 1000

/** Where the slider stands for a value. */
export const placeOf = ({ min, max, logarithmic }: Range, value: number): number =>
  logarithmic === true ? Math.round((places * Math.log(value / min)) / Math.log(max / min)) : value

/** The value for a place of the slider: of two digits if it moves by factors, and a multiple of the step. */
export const valueAt = ({ min, max, step, logarithmic }: Range, place: number): number => {
  if (logarithmic !== true) return place
  const raw = Number((min * (max / min) ** (place / places)).toPrecision(2))
  const rounded = step > 0 && raw >= step ? Math.round(raw / step) * step : raw
  return Math.min(max, Math.max(min, Number(rounded.toPrecision(12))))
}

/** The next place that way at which the value is another one; places lie closer than values do. */
export const placeBeside = (range: Range, from: number, way: -1 | 1): number => {
  const value = valueAt(range, from)
  let place = from
  while (valueAt(range, place) === value && place + way >= 0 && place + way <= places) place += way
  return place
}

/** Which way the keys of a slider lead. */
export const ways: Readonly<Record<string, -1 | 1>> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }
