import { mongeError, requireInteger } from '@monge/errors'
import { extentOf, readPoints, readTable } from './numbers.js'
import type { Frame, Layer } from './layer.js'
import type { Points, Table } from './numbers.js'
import type { Mark, Pixel } from './scene.js'

/** Entries of a plan: `masses[k]` goes from point `rows[k]` to point `columns[k]`. */
export interface PlanEntries {
  readonly rows: ArrayLike<number>
  readonly columns: ArrayLike<number>
  readonly masses: ArrayLike<number>
}

export interface PlanOptions {
  /** `[n, 2]` */
  readonly from: Points
  /** `[m, 2]` */
  readonly to: Points
  /** The whole plan `[n, m]`, or some of its entries. */
  readonly plan: Table | PlanEntries
  /** How many of the heaviest entries to draw; 4 (n + m) unless given. */
  readonly top?: number
  readonly colour?: string
  readonly label?: string
}

interface Entry {
  readonly row: number
  readonly column: number
  readonly mass: number
}

const where = 'planLines: plan'

const refuse = (what: string): never => {
  throw mongeError('InvalidArgument', where, what)
}

const entriesOf = (plan: Table | PlanEntries): readonly Entry[] => {
  if ('masses' in plan) {
    const { rows, columns, masses } = plan
    if (rows.length !== masses.length || columns.length !== masses.length)
      refuse(`has ${rows.length} rows, ${columns.length} columns and ${masses.length} masses, expected as many of each`)
    return Array.from(masses, (mass, index) => ({ row: rows[index] ?? -1, column: columns[index] ?? -1, mass }))
  }
  return readTable(where, plan).flatMap((masses, row) => masses.map((mass, column) => ({ row, column, mass })))
}

const checked =
  (n: number, m: number) =>
  (entry: Entry): Entry => {
    const { row, column, mass } = entry
    if (!(Number.isInteger(row) && row >= 0 && row < n)) refuse(`has an entry in row ${row} of ${n}`)
    if (!(Number.isInteger(column) && column >= 0 && column < m)) refuse(`has an entry in column ${column} of ${m}`)
    return Number.isFinite(mass) && mass >= 0 ? entry : refuse(`entry [${row}, ${column}] is ${mass}`)
  }

// Masses in eight steps: a path for each step instead of a line for each entry keeps the files small.
const steps = 8

/**
 * A transport plan as lines between the points: the heavier an entry, the wider and darker its line. Only the heaviest
 * `top` entries are drawn.
 *
 * @throws InvalidArgument for entries out of range, negative or not finite
 */
export const planLines = (options: PlanOptions): Layer => {
  const from = readPoints('planLines: from', options.from)
  const to = readPoints('planLines: to', options.to)
  const top = requireInteger(1)('planLines: top', options.top ?? 4 * (from.length + to.length))
  const { colour = '#555555' } = options
  const heaviest = entriesOf(options.plan)
    .map(checked(from.length, to.length))
    .filter(({ mass }) => mass > 0)
    .toSorted((one, other) => other.mass - one.mass)
    .slice(0, top)
  const largest = heaviest[0]?.mass ?? refuse('has no mass')
  const stepOf = ({ mass }: Entry): number => Math.ceil((mass / largest) * steps)

  const draw = ({ x, y }: Frame): readonly Mark[] => {
    const end = (points: typeof from, index: number): Pixel => {
      const [px, py] = points[index] ?? refuse(`has an entry at ${index}`)
      return [x.toPixel(px), y.toPixel(py)]
    }
    return Array.from({ length: steps }, (_, index) => index + 1).flatMap((step): readonly Mark[] => {
      const lines = heaviest
        .filter((entry) => stepOf(entry) === step)
        .map(({ row, column }) => [end(from, row), end(to, column)])
      const share = step / steps
      const style = { stroke: colour, strokeWidth: 0.3 + 0.9 * share, opacity: 0.15 + 0.65 * share }
      return lines.length === 0 ? [] : [{ kind: 'path', lines, style }]
    })
  }

  const both = [...from, ...to]
  return {
    extent: { x: extentOf(both.map(([px]) => px)), y: extentOf(both.map(([, py]) => py)) },
    legend: options.label === undefined ? [] : [{ label: options.label, swatch: 'line', style: { stroke: colour } }],
    inset: 7,
    draw,
  }
}
