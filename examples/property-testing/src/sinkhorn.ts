/*
 * Someone's own Sinkhorn algorithm, five times: as it was first written, and after each repair.
 */

/** Points and weights as plain arrays. */
export interface Cloud {
  readonly points: readonly (readonly number[])[]
  readonly weights: readonly number[]
}

/** A plan, `n` rows of `m` masses, and what transport costs. */
export interface Solved {
  readonly plan: readonly (readonly number[])[]
  readonly value: number
}

export type Solver = (mu: Cloud, nu: Cloud) => Solved

const epsilon = 0.1

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const costs = ({ points: x }: Cloud, { points: y }: Cloud): number[][] =>
  x.map((from) => y.map((to) => sum(from.map((entry, axis) => (entry - (to[axis] ?? 0)) ** 2)) / 2))

const entry = (rows: readonly (readonly number[])[], i: number, j: number): number => rows[i]?.[j] ?? 0

const transportCost = (plan: readonly (readonly number[])[], c: readonly (readonly number[])[]): number =>
  sum(plan.flatMap((row, i) => row.map((mass, j) => mass * entry(c, i, j))))

/** The first version's loop: scalings u and v of a kernel exp(-c / epsilon) of 32-bit floats, twenty times. */
const scaled = (mu: Cloud, nu: Cloud, a: readonly number[], b: readonly number[]): Solved => {
  const c = costs(mu, nu)
  const kernel = c.map((row) => Float32Array.from(row, (cost) => Math.exp(-cost / epsilon)))
  let [u, v] = [a.map(() => 1), b.map(() => 1)]
  for (let iteration = 0; iteration < 20; iteration++) {
    u = a.map((weight, i) => weight / sum(v.map((scale, j) => scale * (kernel[i]?.[j] ?? 0))))
    v = b.map((weight, j) => weight / sum(u.map((scale, i) => scale * (kernel[i]?.[j] ?? 0))))
  }
  const plan = u.map((left, i) => v.map((right, j) => left * (kernel[i]?.[j] ?? 0) * right))
  return { plan, value: transportCost(plan, c) }
}

/** 1. As it was written: every point weighs the same. */
export const naive: Solver = (mu, nu) => {
  const [n, m] = [mu.points.length, nu.points.length]
  return scaled(mu, nu, mu.points.map(() => 1 / n), nu.points.map(() => 1 / m))
}

/** 2. With the weights that it is given. */
export const weighted: Solver = (mu, nu) => scaled(mu, nu, mu.weights, nu.weights)

interface Potentials {
  readonly f: readonly number[]
  readonly g: readonly number[]
}

const softmin = (eps: number, values: readonly number[]): number => {
  const highest = Math.max(...values)
  return -eps * (highest + Math.log(sum(values.map((value) => Math.exp(value - highest)))))
}

/** Potentials in place of scalings, and sums of exponentials by their largest term. */
const updated = (mu: Cloud, nu: Cloud, c: readonly (readonly number[])[], { g }: Potentials, eps = epsilon): Potentials => {
  const f = mu.points.map((_, i) => softmin(eps, nu.weights.map((b, j) => Math.log(b) + ((g[j] ?? 0) - entry(c, i, j)) / eps)))
  return { f, g: nu.points.map((_, j) => softmin(eps, mu.weights.map((a, i) => Math.log(a) + ((f[i] ?? 0) - entry(c, i, j)) / eps))) }
}

const planOf = (mu: Cloud, nu: Cloud, c: readonly (readonly number[])[], { f, g }: Potentials): number[][] =>
  mu.weights.map((a, i) =>
    nu.weights.map((b, j) => (a * b > 0 ? a * b * Math.exp(((f[i] ?? 0) + (g[j] ?? 0) - entry(c, i, j)) / epsilon) : 0)),
  )

/** 3. In the logarithmic domain. */
export const logarithmic: Solver = (mu, nu) => {
  const c = costs(mu, nu)
  let potentials: Potentials = { f: [], g: nu.points.map(() => 0) }
  for (let iteration = 0; iteration < 20; iteration++) potentials = updated(mu, nu, c, potentials)
  const plan = planOf(mu, nu, c, potentials)
  return { plan, value: transportCost(plan, c) }
}

/** How far row sums may be from the weights. */
const tolerance = 1e-5

const converged = (mu: Cloud, nu: Cloud, blunt = true): Solved & Potentials => {
  const c = costs(mu, nu)
  let potentials: Potentials = { f: [], g: nu.points.map(() => 0) }
  // From a blunt problem to the sharp one: from nothing, the sharp one takes ages where clouds are far apart.
  if (blunt) for (let eps = Math.max(...c.flat()); eps > epsilon; eps /= 2) potentials = updated(mu, nu, c, potentials, eps)
  for (let iteration = 0; iteration < 20_000; iteration++) {
    potentials = updated(mu, nu, c, potentials)
    const plan = planOf(mu, nu, c, potentials)
    if (sum(plan.map((row, i) => Math.abs(sum(row) - (mu.weights[i] ?? 0)))) <= tolerance)
      return { plan, value: transportCost(plan, c), ...potentials }
  }
  throw new Error('the marginals are not met')
}

/** Half of the fourth repair: until the marginals are met, from nothing. */
export const unannealed: Solver = (mu, nu) => converged(mu, nu, false)

/** 4. From a large epsilon down, until the marginals are met. */
export const patient: Solver = converged

const inner = (weights: readonly number[], values: readonly number[]): number =>
  sum(weights.map((weight, i) => (weight > 0 ? weight * (values[i] ?? 0) : 0)))

const between = (mu: Cloud, nu: Cloud): number => {
  const { f, g } = converged(mu, nu)
  return inner(mu.weights, f) + inner(nu.weights, g)
}

/** Against itself one potential is enough, and the mean of old and new gets there at once. */
const toItself = (mu: Cloud): number => {
  const c = costs(mu, mu)
  let g: readonly number[] = mu.points.map(() => 0)
  for (let iteration = 0; iteration < 100; iteration++) {
    const { f } = updated(mu, mu, c, { f: [], g })
    g = g.map((value, i) => (value + (f[i] ?? 0)) / 2)
  }
  return 2 * inner(mu.weights, g)
}

/** 5. Less what each measure costs against itself: the Sinkhorn divergence. */
export const debiased: Solver = (mu, nu) => ({
  plan: converged(mu, nu).plan,
  value: between(mu, nu) - (toItself(mu) + toItself(nu)) / 2,
})

/** All five, in order, and what to call them. */
export const versions: readonly { readonly name: string; readonly solver: Solver }[] = [
  { name: '1. as it was written', solver: naive },
  { name: '2. with weights', solver: weighted },
  { name: '3. in the logarithmic domain', solver: logarithmic },
  { name: '4. annealed, until the marginals are met', solver: patient },
  { name: '5. debiased', solver: debiased },
]
