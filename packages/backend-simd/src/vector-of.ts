/** The most numbers of a vector that shares its memory with others. */
const short = 2048

const slabLength = 8192

let slab = new Float64Array(0)
let used = 0

/**
 * A vector of so many zeros. An array of more than eight numbers takes a memory of its own, which to get and to collect takes
 * longer than the arithmetic on a hundred; short vectors lie side by side in a larger one.
 */
export const vectorOf = (length: number): Float64Array => {
  if (length > short) return new Float64Array(length)
  if (used + length > slab.length) [slab, used] = [new Float64Array(slabLength), 0]
  const at = used
  used += length
  return slab.subarray(at, used)
}

/** A vector of these numbers. */
export const copyOf = (values: ArrayLike<number>): Float64Array => {
  const result = vectorOf(values.length)
  result.set(values)
  return result
}

/** In place: for results that are new. */
export const raised = (vector: Float64Array, by: number): Float64Array => {
  if (by !== 0) for (let i = 0; i < vector.length; i++) vector[i] += by
  return vector
}
