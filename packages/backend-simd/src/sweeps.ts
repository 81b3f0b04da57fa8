import type { Marginal, Swept } from '@monge/backend'
import { formatFor, narrow, rangeOf, softmin } from './reductions.js'
import { bothSoftmins, columnSoftmin, symmetricSoftmin } from './both.js'
import type { Both } from './both.js'
import { expandedSoftmin } from './expansion.js'
import type { Direction } from './direction.js'
import { over } from './heap.js'
import type { Machine } from './machine.js'
import { kernelBytes, storedKernel } from './stored-kernel.js'
import type { StoredKernel } from './stored-kernel.js'
import type { Marginals } from './stored-sweeps.js'
import { raised, vectorOf } from './vector-of.js'

type Vector = Float64Array

/** The softmins of a geometry, both ways, by whatever way pays. */
export interface Sweeps {
  readonly rows: (epsilon: number, q: Vector) => Vector
  readonly columns: (epsilon: number, p: Vector) => Vector
  readonly both: (epsilon: number, p: Vector, q: Vector) => Both
  readonly sweep: (epsilon: number, marginals: Marginals, g: Vector) => Swept<Vector>
  /** Takes it that epsilon stays from here on. */
  readonly settle: (epsilon: number) => void
  /** Forgets everything; another softmin begins anew. */
  readonly dispose: () => void
}

/** Softmins at one epsilon after which a solver is taken to stay there: the first of a schedule come to six, the last to four. */
const settledAfter = 6

/** How often sums may be out of the stored kernel's range before it is given up. */
const mostFailures = 2

/**
 * While epsilon changes, log-sum-exp in the machine's own format: its rounding is nothing beside the costs. Once
 * epsilon stays, the stored kernel where it fits the budget, and exponents in float64 where it does not.
 */
export const sweepsOf = (
  machine: Machine,
  direction: () => Direction,
  transposed: () => Direction,
  symmetric: boolean,
): Sweeps => {
  let epsilonNow = NaN
  let calls = 0
  let failures = 0
  let kernel: StoredKernel | undefined
  let reserved = 0

  const drop = (): void => {
    kernel?.dispose()
    machine.giveBack(reserved)
    kernel = undefined
    reserved = 0
  }

  const count = (epsilon: number, more: number): void => {
    if (epsilon !== epsilonNow) {
      drop()
      epsilonNow = epsilon
      calls = 0
      failures = 0
    }
    calls += more
  }

  /** Counts calls at the same epsilon, and gives the kernel once it is worth having. */
  const kernelAt = (epsilon: number, more: number): StoredKernel | undefined => {
    count(epsilon, more)
    if (calls <= settledAfter || failures > mostFailures) return undefined
    if (kernel !== undefined) return kernel
    const way = direction()
    const bytes = kernelBytes(machine, way)
    if (!machine.reserve(bytes)) return undefined
    try {
      kernel = over(machine.heap, machine.heap.allocate(bytes), (at) => storedKernel(machine, way, transposed, at, epsilon))
      reserved = bytes
    } catch {
      // There is no memory for it: sums do without, as where the budget is spent, and it is not tried again.
      machine.giveBack(bytes)
      failures = mostFailures + 1
    }
    return kernel
  }

  const orElse = <A>(attempt: A | undefined, safe: () => A): A => {
    if (attempt !== undefined) return attempt
    failures += 1
    return safe()
  }

  const format = (way: Direction, epsilon: number, scalings: Vector): number =>
    calls <= settledAfter ? narrow(machine) : formatFor(machine, rangeOf(way, epsilon, scalings, scalings))

  const plain = (way: Direction, epsilon: number, scalings: Vector): Vector =>
    softmin(machine, way, format(way, epsilon, scalings), epsilon, scalings)

  const expandedRows = (epsilon: number, q: Vector): Vector | undefined =>
    expandedSoftmin(machine, direction(), symmetric ? direction : transposed, epsilon, q)
  // Of a given matrix, the other way is a copy that few need.
  const expandedColumns = (epsilon: number, p: Vector): Vector | undefined =>
    direction().expands ? expandedSoftmin(machine, transposed(), direction, epsilon, p) : undefined

  const rows = (epsilon: number, q: Vector): Vector => {
    const expanded = expandedRows(epsilon, q)
    if (expanded !== undefined) return expanded
    const stored = kernelAt(epsilon, 1)
    const safe = (): Vector => {
      const way = direction()
      const halved = symmetric ? symmetricSoftmin(machine, way, format(way, epsilon, q), epsilon, q) : undefined
      return halved ?? plain(way, epsilon, q)
    }
    return stored ? orElse(stored.rows(q), safe) : safe()
  }

  const columns = (epsilon: number, p: Vector): Vector => {
    const expanded = expandedColumns(epsilon, p)
    if (expanded !== undefined) return expanded
    const stored = kernelAt(epsilon, 1)
    const safe = (): Vector => {
      const way = direction()
      const summed = way.given ? columnSoftmin(machine, way, format(way, epsilon, p), epsilon, p) : undefined
      return summed ?? plain(transposed(), epsilon, p)
    }
    return stored ? orElse(stored.columns(p), safe) : safe()
  }

  const sweepByHalves = (epsilon: number, { source, target }: Marginals, g: Vector, wide?: Vector): Swept<Vector> => {
    const f = raised(wide ?? rows(epsilon, scalingOf(target, epsilon, g)), epsilon * target.shift)
    const updated = raised(columns(epsilon, scalingOf(source, epsilon, f)), epsilon * source.shift)
    return { f, g: updated, excess: excessOf(target, epsilon, g, updated) }
  }

  return {
    rows,
    columns,
    settle: (epsilon) => count(epsilon, settledAfter),
    sweep: (epsilon, marginals, g) => {
      const q = scalingOf(marginals.target, epsilon, g)
      const wide = expandedRows(epsilon, q)
      const stored = wide ? undefined : kernelAt(epsilon, 2)
      const safe = (): Swept<Vector> => sweepByHalves(epsilon, marginals, g, wide)
      return stored ? orElse(stored.sweep(q, marginals), safe) : safe()
    },
    both: (epsilon, p, q) => {
      // From a measure to an equal one: what is the same is computed the same way, to the last bit.
      if (symmetric && (p === q || p.every((value, i) => value === q[i]))) {
        const f = rows(epsilon, q)
        return { f, g: f }
      }
      const [wideF, wideG] = [expandedRows(epsilon, q), expandedColumns(epsilon, p)]
      if (wideF !== undefined && wideG !== undefined) return { f: wideF, g: wideG }
      const stored = kernelAt(epsilon, 2)
      const safe = (): Both => {
        const way = direction()
        return (
          bothSoftmins(machine, way, format(way, epsilon, q), epsilon, p, q) ?? {
            f: plain(way, epsilon, q),
            g: plain(transposed(), epsilon, p),
          }
        )
      }
      return stored ? orElse(stored.both(p, q), safe) : safe()
    },
    dispose: () => {
      drop()
      epsilonNow = NaN
    },
  }
}

/** `log (n a) + f / epsilon` */
const scalingOf = ({ logWeights }: Marginal<Vector>, epsilon: number, potential: Vector): Vector => {
  const result = vectorOf(potential.length)
  for (let i = 0; i < result.length; i++) result[i] = logWeights[i] + potential[i] / epsilon
  return result
}

/** `sum_j b_j |exp((g_j - updated_j) / epsilon) - 1|` */
const excessOf = ({ weights }: Marginal<Vector>, epsilon: number, g: Vector, updated: Vector): number => {
  let sum = 0
  for (let j = 0; j < g.length; j++)
    if (weights[j] > 0) sum += weights[j] * Math.abs(Math.exp((g[j] - updated[j]) / epsilon) - 1)
  return sum
}
