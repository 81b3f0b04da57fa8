import { total } from '../expectations.js'
import { readMeasure } from './read.js'
import type { ReadMeasure } from './read.js'
import { matched } from './result.js'
import type { MatchResult } from './result.js'

/** What a measure is to be besides. */
export interface MeasureExpectation {
  /** The mass, within 64 units in the last place. */
  readonly mass?: number
  /** The number of points. */
  readonly points?: number
  readonly dimension?: number
}

/**
 * Whether something is a measure: finite points in one dimension, as many finite, non-negative weights, positive mass;
 * a `Measure`, or the same record with arrays.
 */
export const toBeMeasure = (received: unknown, expected: MeasureExpectation = {}): MatchResult => {
  const read = readMeasure(received)
  return matched('a measure', typeof read === 'string' ? read : (faultOf(read) ?? differenceOf(read, expected)))
}

/** What keeps a record from being a measure, if anything does. */
export const faultOf = ({ points, weights }: ReadMeasure): string | undefined => {
  if (points.length === 0) return 'it has no points'
  if (points.length !== weights.length) return `it has ${points.length} points and ${weights.length} weights`
  const d = points[0]?.length ?? 0
  if (d === 0) return 'its points have no coordinates'
  for (const [i, point] of points.entries()) {
    if (point.length !== d) return `point ${i} has ${point.length} coordinates, and point 0 has ${d}`
    const axis = point.findIndex((entry) => !Number.isFinite(entry))
    if (axis >= 0) return `coordinate ${axis} of point ${i} is ${point[axis]}`
  }
  const bad = weights.findIndex((weight) => !(Number.isFinite(weight) && weight >= 0))
  if (bad >= 0) return `weight ${bad} is ${weights[bad]}`
  return total(weights) > 0 ? undefined : 'all its weights are zero'
}

const differenceOf = ({ points, weights, unit }: ReadMeasure, expected: MeasureExpectation): string | undefined => {
  const [mass, d] = [total(weights), points[0]?.length]
  if (expected.points !== undefined && points.length !== expected.points)
    return `it has ${points.length} points, not ${expected.points}`
  if (expected.dimension !== undefined && d !== expected.dimension)
    return `it is of dimension ${d}, not ${expected.dimension}`
  if (expected.mass !== undefined && !(Math.abs(mass - expected.mass) <= 64 * unit * expected.mass))
    return `its mass is ${mass}, not ${expected.mass}`
  return undefined
}
