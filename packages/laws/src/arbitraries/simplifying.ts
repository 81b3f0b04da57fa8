import fc from 'fast-check'

/**
 * An arbitrary with a way of its own to make a value simpler: the simplest attempts first. It forgets what it has tried.
 * fast-check's own numbers stay where they were once found necessary, even when what made them so has gone since.
 */
class Simplifying<A> extends fc.Arbitrary<A> {
  readonly #drawn: fc.Arbitrary<A>
  readonly #simpler: (value: A) => Iterable<A>

  constructor(drawn: fc.Arbitrary<A>, simpler: (value: A) => Iterable<A>) {
    super()
    this.#drawn = drawn
    this.#simpler = simpler
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<A> {
    return new fc.Value(this.#drawn.generate(random, bias).value, undefined)
  }

  override canShrinkWithoutContext(value: unknown): value is A {
    return this.#drawn.canShrinkWithoutContext(value)
  }

  override shrink(value: A): fc.Stream<fc.Value<A>> {
    return new fc.Stream(values(this.#simpler(value)))
  }
}

const values = function* <A>(simpler: Iterable<A>): IterableIterator<fc.Value<A>> {
  for (const value of simpler) yield new fc.Value(value, undefined)
}

/** The arbitrary, with this way to make its values simpler. */
export const simplifying = <A>(drawn: fc.Arbitrary<A>, simpler: (value: A) => Iterable<A>): fc.Arbitrary<A> =>
  new Simplifying(drawn, simpler)

/**
 * The arbitrary, each of whose shrunk values is shrunk anew: it ends where no single step makes it simpler. For
 * arbitraries that fast-check can shrink without their history: numbers, and records and arrays of them.
 */
export const thorough = <A>(drawn: fc.Arbitrary<A>): fc.Arbitrary<A> =>
  simplifying(drawn, (value) => drawn.shrink(value, undefined).map((one) => one.value))

/** One of the values, which stand from the simplest on: it shrinks to the first of them that will do. */
export const simplestOf = <A>(choices: readonly A[]): fc.Arbitrary<A> =>
  simplifying(fc.constantFrom(...choices), (value) => choices.slice(0, choices.indexOf(value)))

/** The last of the values, which shrinks to the first of them that will do: for a bound that is met where all fails. */
export const lastOf = <A>(choices: readonly [A, ...A[]]): fc.Arbitrary<A> =>
  simplifying(fc.constantFrom(...choices.slice(-1)), (value) => choices.slice(0, choices.indexOf(value)))

/** The value, which in a counterexample reads as these words. */
export const told = <A extends object>(words: string, value: A): A =>
  Object.defineProperty(value, fc.toStringMethod, { value: () => words })
