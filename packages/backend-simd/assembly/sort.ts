/*
 * Argsort of rows: least significant digit first, eleven bits at a time. It is stable, and its time is in proportion to
 * the length of a row, whatever the numbers.
 */
import { JOB_COLUMN_OUT, JOB_CHUNK, JOB_OUT, JOB_V, JOB_WIDTH } from './layout'

const DIGIT: i32 = 11
const BUCKETS: i32 = 2048
const MASK: u32 = 2047

/** Bits of a float32 whose order as unsigned integers is that of the numbers. */
// @ts-ignore: decorator
@inline function ordered(bits: u32): u32 {
  return bits ^ (<u32>(<i32>bits >> 31) | 0x80000000)
}

/**
 * For each row of `width` float32 numbers at V, the places of its numbers in ascending order, at OUT. Each chunk works
 * in its own part of COLUMN_OUT: counts, and two pairs of keys and places.
 */
export function argsort(job: usize, start: i32, end: i32): void {
  const width = load<i32>(job, JOB_WIDTH)
  const values = <usize>load<u32>(job, JOB_V)
  const out = <usize>load<u32>(job, JOB_OUT)
  const length = <usize>width * 4
  const chunk = <usize>(start / load<i32>(job, JOB_CHUNK))
  const counts = <usize>load<u32>(job, JOB_COLUMN_OUT) + chunk * (<usize>(3 * BUCKETS * 4) + 3 * length)
  const keys = counts + <usize>(3 * BUCKETS * 4)
  const otherKeys = keys + length
  const otherPlaces = otherKeys + length
  for (let i = start; i < end; i++) {
    const row = values + <usize>i * length
    const places = out + <usize>i * length
    memory.fill(counts, 0, <usize>(3 * BUCKETS * 4))
    for (let j = 0; j < width; j++) {
      const key = ordered(load<u32>(row + <usize>(j * 4)))
      store<u32>(keys + <usize>(j * 4), key)
      store<u32>(places + <usize>(j * 4), j)
      for (let digit = 0; digit < 3; digit++) {
        const count = counts + <usize>((digit * BUCKETS + <i32>((key >> (digit * DIGIT)) & MASK)) * 4)
        store<u32>(count, load<u32>(count) + 1)
      }
    }
    let fromKeys = keys
    let fromPlaces = places
    let toKeys = otherKeys
    let toPlaces = otherPlaces
    for (let digit = 0; digit < 3; digit++) {
      const table = counts + <usize>(digit * BUCKETS * 4)
      let before: u32 = 0
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const count = load<u32>(table + <usize>(bucket * 4))
        store<u32>(table + <usize>(bucket * 4), before)
        before += count
      }
      for (let j: usize = 0; j < length; j += 4) {
        const key = load<u32>(fromKeys + j)
        const slot = table + <usize>(((key >> (digit * DIGIT)) & MASK) * 4)
        const to = load<u32>(slot)
        store<u32>(slot, to + 1)
        store<u32>(toKeys + <usize>to * 4, key)
        store<u32>(toPlaces + <usize>to * 4, load<u32>(fromPlaces + j))
      }
      const swappedKeys = fromKeys
      const swappedPlaces = fromPlaces
      fromKeys = toKeys
      fromPlaces = toPlaces
      toKeys = swappedKeys
      toPlaces = swappedPlaces
    }
    // Three passes: the places lie in the other buffer.
    memory.copy(places, fromPlaces, length)
  }
}
