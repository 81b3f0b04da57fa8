import fc from 'fast-check'
import { emptyLogarithm } from '@monge/backend'
import { dispose, memory } from '@tensorflow/tfjs-core'
import type { Backend, Vectors } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { largest, requireAllClose, requireClose, requireThat, total, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'

/** The laws of a backend's vectors: each operation is what its definition says, entry by entry. */
export const vectorLaws = (backend: () => Backend): readonly Law[] => [
  law('vectors read back what was put in', pairs, ({ u }) => {
    requireAllClose('the vector', computed(backend(), (vectors) => vectors.fromArray(u)), u, 0)
    backend().within(() => {
      const { vectors } = backend()
      const tensor = vectors.scope(() => vectors.toTensor<Tensor2D>(vectors.fromArray(u), [1, u.length]))
      requireThat('a tensor has the shape that was asked for', tensor.shape.join() === `1,${u.length}`)
      requireAllClose('the tensor', tensor.dataSync(), u, 0)
      requireAllClose('its vector', computed(backend(), () => vectors.fromTensor(tensor)), u, 0)
      dispose(tensor)
    })
  }),
  elementwise('linear combinations', (vectors, u, v) => vectors.linear([[0.75, u], [-2, v]], 8), (u, v) => 0.75 * u - 2 * v + 8, backend),
  elementwise('products', (vectors, u, v) => vectors.multiply(u, v), (u, v) => u * v, backend),
  elementwise('exponentials', (vectors, u) => vectors.exponential(u), Math.exp, backend),
  elementwise('exponentials less one', (vectors, u) => vectors.exponentialMinusOne(u), Math.expm1, backend),
  elementwise('logarithms', (vectors, u) => vectors.logarithm(u), (u) => (u > 0 ? Math.log(u) : emptyLogarithm), backend),
  elementwise('absolute values', (vectors, u) => vectors.absolute(u), Math.abs, backend),
  law('dot products are those of their definition', pairs, ({ u, v }) => {
    const terms = u.map((entry, index) => entry * (v[index] ?? NaN))
    const allowed = 8 * unitOf(backend().precision) * total(terms.map(Math.abs))
    backend().within(() => {
      const { vectors } = backend()
      const scalar = vectors.scope(() => vectors.dotTensor(vectors.fromArray(u), vectors.fromArray(v)))
      requireClose('the tensor', scalar.dataSync()[0] ?? NaN, total(terms), allowed)
      dispose(scalar)
      let dot = NaN
      vectors.scope(() => {
        dot = vectors.dot(vectors.fromArray(u), vectors.fromArray(v))
        return []
      })
      requireClose('the number', dot, total(terms), allowed)
    })
  }),
  law('scopes free what was made in them, save results and what is kept', pairs, ({ u }) => {
    backend().within(() => {
      const { vectors } = backend()
      const before = memory().numTensors
      let held: unknown
      const result = vectors.scope(() => {
        const first = vectors.fromArray(u)
        held = vectors.keep(vectors.absolute(first))
        return { sum: vectors.linear([[2, first]]) }
      })
      requireAllClose('the result', vectors.toArray(result.sum), u.map((entry) => 2 * entry), 0)
      requireAllClose('what is kept', vectors.toArray(held), u.map(Math.abs), 0)
      vectors.release(result.sum)
      vectors.release(held)
      requireThat(`${memory().numTensors - before} tensors are left behind`, memory().numTensors === before)
    })
  }),
]

/** Two vectors of one length, exact in every precision. */
const pairs = fc
  .record({
    entries: fc.array(fc.tuple(fc.integer({ min: -128, max: 128 }), fc.integer({ min: -128, max: 128 })), {
      minLength: 1,
      maxLength: 12,
    }),
    parts: fc.constantFrom(16, 4096),
  })
  .map(({ entries, parts }) => ({ u: entries.map(([one]) => one / parts), v: entries.map(([, other]) => other / parts) }))

const computed = (backend: Backend, body: (vectors: Vectors<unknown>) => unknown): readonly number[] =>
  backend.within(() => {
    const { vectors } = backend
    let read: readonly number[] = []
    vectors.scope(() => {
      read = Array.from(vectors.toArray(body(vectors)))
      return []
    })
    return read
  })

const elementwise = (
  name: string,
  operation: (vectors: Vectors<unknown>, u: unknown, v: unknown) => unknown,
  definition: (u: number, v: number) => number,
  backend: () => Backend,
): Law =>
  law(`${name} are those of their definition`, pairs, ({ u, v }) => {
    const found = computed(backend(), (vectors) => operation(vectors, vectors.fromArray(u), vectors.fromArray(v)))
    const expected = u.map((entry, index) => definition(entry, v[index] ?? NaN))
    const unit = 16 * unitOf(backend().precision)
    // Sums of terms round like the larger of them; what is near zero by cancellation is not asked for more.
    const given = (index: number): number => largest([u[index] ?? NaN, definition.length > 1 ? (v[index] ?? NaN) : 0])
    const size = (index: number): number => Math.max(Math.abs(expected[index] ?? NaN), given(index))
    requireAllClose(name, found, expected, (index) => unit * size(index))
  })
