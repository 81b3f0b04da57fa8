/** A function and its slope at a step along a line, and what else the caller knows of it there. */
export interface Probe {
  readonly step: number
  readonly value: number
  readonly slope: number
}

/** What a line search asks for. */
export interface SearchOptions {
  /** The share of the promised decrease that is asked for, in (0, curvature). */
  readonly decrease: number
  /** The share of the first slope that may be left, in (decrease, 1). */
  readonly curvature: number
  /** The most evaluations. */
  readonly evaluations: number
}

/**
 * A step at which the strong Wolfe conditions hold: `value <= value_0 + decrease step slope_0` and `|slope| <= curvature
 * |slope_0|`; where rounding or the number of evaluations does not let one be found, the best step that lowers the value;
 * undefined if there was none. Values that are not finite count as too far.
 *
 * @see Nocedal, Wright, Numerical optimization (2006), algorithms 3.5 and 3.6
 */
export const strongWolfe = <P extends Probe>(
  origin: Probe,
  first: number,
  probe: (step: number) => P,
  { decrease, curvature, evaluations }: SearchOptions,
): P | undefined => {
  let left = evaluations
  let best: P | undefined
  const at = (step: number): P => {
    left -= 1
    const found = probe(step)
    if (found.value < (best?.value ?? origin.value)) best = found
    return found
  }
  const isLow = ({ step, value }: Probe): boolean => value <= origin.value + decrease * step * origin.slope
  const isFlat = ({ slope }: Probe): boolean => Math.abs(slope) <= -curvature * origin.slope
  const isFinite = ({ value, slope }: Probe): boolean => Number.isFinite(value) && Number.isFinite(slope)

  const zoom = (from: Probe, to: Probe): P | undefined => {
    let [low, high] = [from, to]
    while (left > 0) {
      const found = at(between(low, high))
      if (!isFinite(found) || !isLow(found) || found.value >= low.value) high = found
      else {
        if (isFlat(found)) return found
        if (found.slope * (high.step - low.step) >= 0) high = low
        low = found
      }
      if (Math.abs(high.step - low.step) <= 1e-14 * Math.max(low.step, high.step)) break
    }
    return best
  }

  let before: Probe = origin
  let step = first
  while (left > 0) {
    const found = at(step)
    if (!isFinite(found) || !isLow(found) || (before !== origin && found.value >= before.value)) return zoom(before, found)
    if (isFlat(found)) return found
    if (found.slope >= 0) return zoom(found, before)
    before = found
    step *= 4
  }
  return best
}

/** Where the cubic through two probes is least, well inside of them; their middle where the further one is not finite. */
const between = (low: Probe, high: Probe): number => {
  const width = high.step - low.step
  const least = low.step + 0.1 * width
  const most = high.step - 0.1 * width
  const step = cubicMinimum(low, high)
  if (step === undefined) return low.step + width / 2
  return width > 0 ? Math.min(Math.max(step, least), most) : Math.max(Math.min(step, least), most)
}

/** Nocedal and Wright, equation 3.59. */
const cubicMinimum = (a: Probe, b: Probe): number | undefined => {
  if (!Number.isFinite(b.value) || !Number.isFinite(b.slope)) return undefined
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step)
  const root = d1 * d1 - a.slope * b.slope
  if (!(root >= 0)) return undefined
  const d2 = Math.sign(b.step - a.step) * Math.sqrt(root)
  const step = b.step - ((b.step - a.step) * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2)
  return Number.isFinite(step) ? step : undefined
}
