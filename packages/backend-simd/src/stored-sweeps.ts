import type { Marginal, Swept } from '@monge/backend'
import { columnChunkRows } from './both.js'
import type { Direction } from './direction.js'
import { allocated } from './heap.js'
import { group, jobBytes, jobFields, operations } from './layout.js'
import { writeJob } from './machine.js'
import type { Job, Machine } from './machine.js'
import { isEmpty, narrow } from './reductions.js'
import { copyOf } from './vector-of.js'

type Vector = Float64Array

/** Both measures that a sweep is between. */
export interface Marginals {
  readonly source: Marginal<Vector>
  readonly target: Marginal<Vector>
}

/** How far a log-scaling may be from the absorbed one. */
export const reach: number = 30

const farthest = Math.exp(reach)

/** The exponent of no weight. */
export const nowhere: number = -3e38

/** What float32 cannot hold of the kernel is below 1e-37: a sum far above that many of it has lost nothing. */
export const leastOf = (terms: number, most: number): number => terms * 1e-29 * most

/**
 * Whole sweeps by one stored kernel. They come and go by memory that is taken once, and small ones are one call of the kernels:
 * of a sweep between cells the calls, and the views of memory, would take longer than the sums.
 */
export interface StoredSweeps {
  /** From the scalings q by the kernel stored at q0; undefined where they are far from it, or sums out of their safe range. */
  readonly sweep: (q: Vector, q0: Vector, marginals: Marginals) => Swept<Vector> | undefined
  /** The same by a kernel that this job stores at the q to sweep from; `keep` puts its base where sweeps read it. */
  readonly absorb: (marginals: Marginals, storing: Job, keep: (p0: Vector) => void) => Swept<Vector> | undefined
  readonly dispose: () => void
}

/** By how much chunks are smaller that store their rows on the way, which takes several times as long. */
const smaller = 2

/** Where kernels and their bases lie: those of the rows and of the columns, in units of log e. */
export interface StoredAt {
  readonly kernel: number
  readonly p: number
  readonly q: number
}

export const storedSweeps = (
  machine: Machine,
  { rows, columns, stride, address }: Direction,
  { kernel, p, q: base }: StoredAt,
  epsilon: number,
): StoredSweeps => {
  const { heap, precision } = machine
  const chunk = columnChunkRows(rows, columns)
  const chunks = Math.ceil(rows / chunk)
  const finer = Math.ceil(chunk / smaller / group) * group
  // Column sums, as many numbers of the kernel's format, and a report.
  const apart = stride * (precision === 'float64' ? 16 : 12) + 64
  const blocks = allocated(heap, [
    ...[stride, stride, stride, rows + 1, columns + 1, rows + 1, columns + 1, rows + 1].map((length) => length * 8),
    64 + 3 * jobBytes,
    Math.ceil(rows / finer) * apart,
  ])
  const [exponents, doubles, singles, out, back, masses, opposite, found, report, columnOut] = blocks
  const jobs = report + 64
  const views = (): Readonly<Record<'from' | 'f' | 'g' | 'report' | 'found', Vector>> => ({
    from: heap.float64(exponents, stride),
    f: heap.float64(out, rows),
    g: heap.float64(back, columns),
    report: heap.float64(report, 2),
    found: heap.float64(found, rows),
  })
  let seen = views()
  // A memory that has grown and is not shared leaves views of no length.
  const room = (): typeof seen => (seen.from.length === 0 ? (seen = views()) : seen)
  let weighted: Marginals | undefined
  const job = { geometry: address([]), format: narrow(machine), kernel }
  const reportOf = (of: number): number => columnOut + (of + 1) * apart - 64

  const scaling = (): Job => ({
    ...job,
    operation: operations.scalings,
    chunk: stride,
    end: stride,
    p: exponents,
    u: doubles,
    v: singles,
    alone: true,
  })
  const summing = ({ target }: Marginals, most: number): Job => ({
    ...job,
    operation: operations.sweep,
    chunk,
    end: rows,
    q: reportOf(0),
    u: masses,
    v: singles,
    p,
    out,
    columnOut,
    factor: epsilon,
    slack: epsilon * target.shift,
    least: leastOf(columns, most),
    rate: leastOf(columns, 1),
  })
  const ending = ({ source }: Marginals, parts: number, most: number): Job => ({
    ...job,
    operation: operations.potentials,
    chunk: columns,
    end: columns,
    width: parts,
    flags: apart,
    columnOut,
    u: doubles,
    q: opposite,
    p: base,
    out: back,
    v: report,
    factor: epsilon,
    slack: epsilon * source.shift,
    least: leastOf(rows, most),
    rate: leastOf(rows, 1),
    alone: true,
  })

  /** Puts both measures' weights, `n m` times, where sweeps read them. */
  const weigh = (marginals: Marginals): number => {
    const { source, target } = marginals
    const times = Math.exp(source.shift + target.shift)
    if (weighted?.source === source && weighted.target === target) return times
    weighted = marginals
    const [a, b] = [heap.float64(masses, rows), heap.float64(opposite, columns)]
    for (let i = 0; i < rows; i++) a[i] = times * source.weights[i]
    for (let j = 0; j < columns; j++) b[j] = times * target.weights[j]
    const parts = [scaling(), summing(marginals, 1), ending(marginals, 1, 1)]
    parts.forEach((part, k) => {
      const at = jobs + k * jobBytes
      writeJob(heap.int32(at, jobBytes / 4), heap.float64(at + jobFields.factor, 4), part)
    })
    return times
  }

  /** The largest scaling that the chunks report; undefined where sums are out of range. */
  const highest = (parts: number): number | undefined => {
    let most = 1
    for (let part = 0; part < parts; part++) {
      const [good, high] = heap.float64(reportOf(part), 2)
      if (!(good === 1 && high < farthest)) return undefined
      most = Math.max(most, high)
    }
    return most
  }

  const result = (times: number): Swept<Vector> | undefined => {
    const { f, g, report: told } = room()
    return told[0] === 1 ? { f: copyOf(f), g: copyOf(g), excess: told[1] / times } : undefined
  }

  const ended = (marginals: Marginals, times: number, parts: number): Swept<Vector> | undefined => {
    const most = highest(parts)
    if (most === undefined) return undefined
    machine.perform(ending(marginals, parts, most))
    return result(times)
  }

  return {
    sweep: (q, q0, marginals) => {
      const { from } = room()
      let most = -reach
      for (let j = 0; j < columns; j++) {
        const shift = q[j] - q0[j]
        if (isEmpty(q[j])) {
          from[j] = nowhere
          continue
        }
        if (!(Math.abs(shift) <= reach)) return undefined
        if (shift > most) most = shift
        from[j] = shift * Math.LOG2E
      }
      from.fill(nowhere, columns)
      const times = weigh(marginals)
      if (chunks === 1) {
        machine.perform({ ...job, operation: operations.wholeSweep, chunk: rows, end: rows, p: jobs, alone: true })
        return highest(1) === undefined ? undefined : result(times)
      }
      machine.perform(scaling())
      machine.perform(summing(marginals, Math.exp(most)))
      return ended(marginals, times, chunks)
    },
    absorb: (marginals, storing, keep) => {
      const { from } = room()
      from.fill(0, 0, columns).fill(nowhere, columns)
      const times = weigh(marginals)
      machine.perform(scaling())
      machine.perform({
        ...summing(marginals, 1),
        ...storing,
        operation: operations.absorbingSweep,
        chunk: finer,
        p: found,
        rate: epsilon,
      })
      keep(room().found.map((exponent) => exponent * Math.LN2))
      return ended(marginals, times, Math.ceil(rows / finer))
    },
    dispose: () => blocks.forEach((at) => heap.free(at)),
  }
}
