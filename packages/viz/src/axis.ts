import { mongeError } from '@monge/errors'
import { scaleLinear, scaleLog } from 'd3-scale'

/** How one axis of a plot maps numbers to pixels. */
export interface AxisOptions {
  readonly label?: string
  readonly kind?: 'linear' | 'log'
  /** The numbers at the two ends; what the data span unless given. Data outside are cut off. */
  readonly domain?: readonly [number, number]
  /** About how many ticks; as many as fit unless given, none for 0. */
  readonly ticks?: number
}

export interface Tick {
  readonly value: number
  readonly label: string
}

/** An axis in its place: numbers to pixels, and the ticks along it. */
export interface Axis {
  readonly label: string | undefined
  readonly domain: readonly [number, number]
  readonly toPixel: (value: number) => number
  readonly ticks: readonly Tick[]
}

const superscripts: readonly string[] = [...'⁰¹²³⁴⁵⁶⁷⁸⁹']

const raised = (exponent: number): string =>
  [...String(exponent)].map((sign) => (sign === '-' ? '⁻' : superscripts[Number(sign)])).join('')

const power = (exponent: number): string => (exponent === 0 ? '1' : exponent === 1 ? '10' : `10${raised(exponent)}`)

/** A length to show around numbers whose own range is too small to be told from rounding; 0 if it is not. */
export const fallbackSpan = (range: number, magnitude: number): number =>
  range > Math.max(magnitude * 1e-12, 1e-150) ? 0 : magnitude > 1e-150 ? magnitude : 1

const span = (where: string, [low, high]: readonly [number, number]): readonly [number, number] => {
  if (!Number.isFinite(high - low))
    throw mongeError('InvalidArgument', where, `the numbers from ${low} to ${high} span no finite range`)
  const instead = fallbackSpan(Math.abs(high - low), Math.max(Math.abs(low), Math.abs(high)))
  return instead === 0 ? [low, high] : [low - instead / 2, low + instead / 2]
}

const logSpan = (where: string, [low, high]: readonly [number, number]): readonly [number, number] => {
  if (!(Math.min(low, high) > 0))
    throw mongeError('InvalidArgument', where, `a log axis takes numbers above 0, got ${Math.min(low, high)}`)
  return low === high ? [low / 2, high * 2] : [low, high]
}

// Ticks of a log axis: powers of ten, thinned to `count`; 1, 2, 5 between them where there are too few.
const logTicks = ([low, high]: readonly [number, number], count: number): readonly Tick[] => {
  const from = Math.ceil(Math.log10(Math.min(low, high)) - 1e-9)
  const to = Math.floor(Math.log10(Math.max(low, high)) + 1e-9)
  const powers = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
  const stride = Math.max(1, Math.ceil(powers.length / count))
  if (powers.length >= 2)
    return powers
      .filter((exponent) => exponent % stride === 0)
      .map((exponent) => ({ value: Number(`1e${exponent}`), label: power(exponent) }))
  const scale = scaleLog().domain([low, high])
  return scale
    .ticks(count)
    .filter((value) => /^[125]/.test(value.toExponential()))
    .map((value) => ({
      value,
      label: String(Number(value.toPrecision(2))),
    }))
}

// Half a step before each end, so that a point there is drawn whole.
const inward = (from: number, to: number, inset: number): readonly [number, number] =>
  from < to ? [from + inset, to - inset] : [from - inset, to + inset]

/** What an axis must fit: the data's extent, the pixels, and how far from the ends the extent must stay. */
export interface AxisPlace {
  readonly where: string
  readonly extent: readonly [number, number]
  readonly pixels: readonly [number, number]
  readonly inset: number
}

/** The axis of `options` over `pixels`. */
export const axis = (options: AxisOptions, place: AxisPlace): Axis => {
  const { where, extent, pixels } = place
  const inset = options.domain === undefined ? place.inset : 0
  const room = Math.abs(pixels[1] - pixels[0])
  const count = options.ticks ?? Math.max(2, Math.floor(room / 60))
  const core = options.domain ?? extent
  const range = [...inward(pixels[0], pixels[1], inset)]
  const log = options.kind === 'log'
  const scale = log
    ? scaleLog()
        .domain([...logSpan(where, core)])
        .range(range)
    : scaleLinear()
        .domain([...span(where, core)])
        .range(range)
  const domain = [scale.invert(pixels[0]), scale.invert(pixels[1])] as const
  const format = log
    ? undefined
    : scaleLinear()
        .domain([...domain])
        .tickFormat(count)
  const linearTicks = (): readonly Tick[] =>
    scaleLinear()
      .domain([...domain])
      .ticks(count)
      .map((value) => ({
        value,
        label: format === undefined ? '' : format(value),
      }))
  const ticks = count === 0 ? [] : log ? logTicks(domain, count) : linearTicks()
  return { label: options.label, domain, toPixel: (value) => scale(value), ticks }
}
