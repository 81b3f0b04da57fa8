import { largest, total } from '../expectations.js'
import { readMeasure } from './read.js'
import type { ReadMeasure } from './read.js'
import { matched } from './result.js'
import type { MatchResult } from './result.js'
import { faultOf } from './to-be-measure.js'

/** How close measures are to be. */
export interface ClosenessExpectation {
  /** The distance within which points are the same place; by default 64 units in the last place of the largest coordinate. */
  readonly distance?: number
  /** The mass by which a place may differ; by default 64 units in the last place of the mass. */
  readonly mass?: number
}

/**
 * Whether two measures are the same up to rounding, whatever the order of their points, points of weight zero, and how
 * the mass of a place is split. Points within `distance` of one another, directly or by others in between, are one
 * place; each place must have the same mass in both.
 */
export const toBeCloseToMeasure = (
  received: unknown,
  expected: unknown,
  options: ClosenessExpectation = {},
): MatchResult => matched('a measure close to the given one', differenceOf(received, expected, options))

const differenceOf = (received: unknown, expected: unknown, options: ClosenessExpectation): string | undefined => {
  const [one, other] = [readMeasure(received), readMeasure(expected)]
  if (typeof one === 'string') return one
  if (typeof other === 'string') return `of the given one, ${other}`
  const fault = faultOf(one)
  if (fault !== undefined) return fault
  const given = faultOf(other)
  if (given !== undefined) return `of the given one, ${given}`
  const [d, e] = [one.points[0]?.length, other.points[0]?.length]
  if (d !== e) return `it is of dimension ${d}, not ${e}`

  const unit = 64 * Math.max(one.unit, other.unit)
  const distance = options.distance ?? unit * largest([...one.points, ...other.points].flat())
  const allowed = options.mass ?? unit * Math.max(total(one.weights), total(other.weights))
  const atoms = [...atomsOf(one, 0), ...atomsOf(other, 1)]
  const differing = placesOf(atoms, distance)
    .map((place) => ({ place, found: massOf(place, 0), wanted: massOf(place, 1) }))
    .filter(({ found, wanted }) => !(Math.abs(found - wanted) <= allowed))
    .toSorted((a, b) => Math.abs(b.found - b.wanted) - Math.abs(a.found - a.wanted))
  const [first] = differing
  if (first === undefined) return undefined
  const at = first.place[0]?.point.join(', ') ?? ''
  const others = differing.length > 1 ? ` (the worst of ${differing.length} places)` : ''
  return `at (${at}) it has mass ${first.found}, not ${first.wanted} within ${allowed}${others}${movedBy(first.place, atoms, first.found, distance)}`
}

interface Atom {
  readonly point: readonly number[]
  readonly weight: number
  /** 0 for the received measure, 1 for the expected one */
  readonly side: 0 | 1
}

const atomsOf = ({ points, weights }: ReadMeasure, side: 0 | 1): readonly Atom[] =>
  points.map((point, index) => ({ point, weight: weights[index] ?? NaN, side })).filter(({ weight }) => weight > 0)

const massOf = (place: readonly Atom[], side: 0 | 1): number =>
  total(place.filter((atom) => atom.side === side).map(({ weight }) => weight))

const distanceBetween = (one: Atom, other: Atom): number =>
  Math.hypot(...one.point.map((entry, axis) => entry - (other.point[axis] ?? NaN)))

/** Atoms that hang together. */
const placesOf = (atoms: readonly Atom[], distance: number): readonly (readonly Atom[])[] => {
  const left = new Set(atoms)
  return atoms.flatMap((start) => {
    if (!left.delete(start)) return []
    const place = [start]
    for (const member of place)
      for (const atom of left)
        if (distanceBetween(member, atom) <= distance) {
          left.delete(atom)
          place.push(atom)
        }
    return [place]
  })
}

/** Where the nearest mass of the other side is, if this place has mass of one side alone. */
const movedBy = (place: readonly Atom[], atoms: readonly Atom[], found: number, distance: number): string => {
  const [start] = place
  const sides = new Set(place.map(({ side }) => side))
  if (start === undefined || sides.size > 1) return ''
  const nearest = atoms
    .filter(({ side }) => !sides.has(side))
    .map((atom) => ({ atom, away: distanceBetween(start, atom) }))
    .toSorted((a, b) => a.away - b.away)[0]
  if (nearest === undefined) return ''
  const whose = found > 0 ? 'the given one' : 'it'
  return `; the nearest mass of ${whose} lies at (${nearest.atom.point.join(', ')}), ${nearest.away} away (allowed: ${distance})`
}
