/*
 * Transport along many directions: each chunk of directions adds up gradients of its own, which the host adds up in their
 * order. Where a thread works is written at the start of its scratch memory.
 */
import { clear, describe, face, laySums, layWork, locate, prepareX, prepareY, value, valueAndGradient } from '../../backend/assembly/slices'
import { JOB_CHUNK, JOB_FLAGS, JOB_GEOMETRY } from './layout'

/* The problem: what it is, and where its parts lie. */
const N: usize = 0
const M: usize = 4
const DIMENSION: usize = 8
const EXACT: usize = 12
const UNIFORM: usize = 16
const X: usize = 20
const Y: usize = 24
const A: usize = 28
const B: usize = 32
const DIRECTIONS: usize = 36
const VALUES: usize = 40
const SUMS: usize = 44
const SUMS_BYTES: usize = 48
const EXPONENT: usize = 56

function read(problem: usize): void {
  describe(
    load<i32>(problem, N), load<i32>(problem, M), load<i32>(problem, DIMENSION), load<f64>(problem, EXPONENT),
    load<i32>(problem, EXACT) != 0, load<i32>(problem, UNIFORM) != 0,
  )
}

/** The bytes that a thread works in, or that a chunk's gradients take. */
export function slicesBytes(problem: usize, sums: bool): f64 {
  read(problem)
  return <f64>(sums ? laySums(0) : layWork(0))
}

/** NaN is the value along a direction whose order could not be found: the host must do it otherwise. */
export function slice(job: usize, start: i32, end: i32, scratch: usize): void {
  const problem = <usize>load<u32>(job, JOB_GEOMETRY)
  read(problem)
  locate(load<u32>(problem, X), load<u32>(problem, Y), load<u32>(problem, A), load<u32>(problem, B))
  layWork(load<u32>(scratch))
  const slopes = load<i32>(job, JOB_FLAGS) != 0
  if (slopes) {
    laySums(<usize>load<u32>(problem, SUMS) + <usize>(start / load<i32>(job, JOB_CHUNK)) * <usize>load<u32>(problem, SUMS_BYTES))
    clear()
  }
  const bytes = <usize>load<i32>(problem, DIMENSION) * 8
  for (let l = start; l < end; l++) {
    face(<usize>load<u32>(problem, DIRECTIONS) + <usize>l * bytes)
    const sorted = prepareX(-1) && prepareY(-1)
    store<f64>(<usize>load<u32>(problem, VALUES) + <usize>(l * 8), sorted ? (slopes ? valueAndGradient(-1) : value()) : NaN)
  }
}
