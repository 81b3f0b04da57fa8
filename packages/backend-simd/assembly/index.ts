/*
 * The one entry: a job's operation over one chunk of its rows. Which rows a chunk has depends on the job alone, and no
 * chunk writes where another does: any thread may take any chunk, and the result is the same.
 */
import { GEOMETRY_COLUMNS, GEOMETRY_STRIDE, JOB_CHUNK, JOB_END, JOB_FLAGS, JOB_GEOMETRY, JOB_OPERATION, JOB_START } from './layout'
import { minimum, softmin } from './softmin'
import { entries, mirror, turn } from './matrices'
import { planReduction } from './plan'
import { storePrecisely } from './many'
import { expansion, moments } from './expansion'
import { argsort } from './sort'
import { slice } from './slicing'
import { absorbingKernel, bothSums, kernelColumns, kernelRows, storeKernel } from './scaling'
import { absorbingSweep, kernelSweep, potentials, scalings, wholeSweep } from './sweep'

export { layOut } from './clouds'
export { slicesBytes } from './slicing'

const SOFTMIN: i32 = 0
const MINIMUM: i32 = 1
const REDUCTION: i32 = 2
const ENTRIES: i32 = 3
const BOTH_SUMS: i32 = 4
const STORE_KERNEL: i32 = 5
const KERNEL_ROWS: i32 = 6
const KERNEL_COLUMNS: i32 = 7
const KERNEL_BOTH: i32 = 8
const STORE_COSTS: i32 = 9
const SYMMETRIC_SUMS: i32 = 10
const ARGSORT: i32 = 11
const MIRROR: i32 = 12
const SLICE: i32 = 13
const TURN: i32 = 14
const MOMENTS: i32 = 15
const EXPANSION: i32 = 16
const SCALINGS: i32 = 17
const POTENTIALS: i32 = 18
const SWEEP: i32 = 19
const ABSORB: i32 = 20
const STORE_PRECISELY: i32 = 21
const ABSORBING_SWEEP: i32 = 22
const WHOLE_SWEEP: i32 = 23

function columnsOf(job: usize, field: usize): i32 {
  return load<i32>(<usize>load<u32>(job, JOB_GEOMETRY) + field)
}

/** Formats: 0 is float32, 1 float64 exponents under float32 exponentials, 2 float64. */
function perform<F, E>(operation: i32, job: usize, start: i32, end: i32, scratch: usize): void {
  switch (operation) {
    case SOFTMIN:
      softmin<F, E>(job, start, end, scratch)
      break
    case MINIMUM:
      minimum<F>(job, start, end, scratch)
      break
    case REDUCTION:
      planReduction<F, E>(job, start, end, scratch)
      break
    case BOTH_SUMS:
      bothSums<F, E>(job, start, end, scratch, false)
      break
    case SYMMETRIC_SUMS:
      bothSums<F, E>(job, start, end, scratch, true)
      break
    case STORE_KERNEL:
      storeKernel<F, E>(job, start, end, scratch)
      break
    case ABSORB:
      absorbingKernel<F, E>(job, start, end, scratch)
      break
    case ABSORBING_SWEEP:
      absorbingSweep<F, E>(job, start, end, scratch)
      break
  }
}

function performStored<E>(operation: i32, job: usize, start: i32, end: i32, scratch: usize): void {
  switch (operation) {
    case ENTRIES:
      entries<E>(job, start, end, scratch, load<i32>(job, JOB_START), columnsOf(job, GEOMETRY_COLUMNS), false)
      break
    case STORE_COSTS:
      entries<E>(job, start, end, scratch, 0, columnsOf(job, GEOMETRY_STRIDE), load<i32>(job, JOB_FLAGS) != 0)
      break
    case MIRROR:
      mirror<E>(job, start, end)
      break
    case TURN:
      turn<E>(job, start, end)
      break
    case KERNEL_ROWS:
      kernelRows<E>(job, start, end, scratch)
      break
    case KERNEL_COLUMNS:
      kernelColumns<E>(job, start, end, scratch, false)
      break
    case KERNEL_BOTH:
      kernelColumns<E>(job, start, end, scratch, true)
      break
    case SCALINGS:
      scalings<E>(job, start, end)
      break
    case SWEEP:
      kernelSweep<E>(job, start, end, scratch)
      break
    case WHOLE_SWEEP:
      wholeSweep<E>(job, scratch)
      break
  }
}

export function run(format: i32, job: usize, chunk: i32, scratch: usize): void {
  const operation = load<i32>(job, JOB_OPERATION)
  const size = load<i32>(job, JOB_CHUNK)
  const start = load<i32>(job, JOB_START) + chunk * size
  const end = min(start + size, load<i32>(job, JOB_END))
  if (operation == ARGSORT) {
    argsort(job, start, end)
  } else if (operation == SLICE) {
    slice(job, start, end, scratch)
  } else if (operation == MOMENTS) {
    moments(job, start, end, scratch)
  } else if (operation == EXPANSION) {
    expansion(job, start, end, scratch)
  } else if (operation == POTENTIALS) {
    potentials(job, start, end)
  } else if (operation == STORE_PRECISELY) {
    storePrecisely(job, start, end)
  } else if (
    operation == ENTRIES || (operation >= KERNEL_ROWS && operation <= STORE_COSTS) || operation == MIRROR || operation == TURN ||
    operation == SCALINGS || operation == SWEEP || operation == WHOLE_SWEEP
  ) {
    if (format == 2) performStored<f64>(operation, job, start, end, scratch)
    else performStored<f32>(operation, job, start, end, scratch)
  } else if (format == 0) {
    perform<f32, f32>(operation, job, start, end, scratch)
  } else if (format == 1) {
    perform<f64, f32>(operation, job, start, end, scratch)
  } else {
    perform<f64, f64>(operation, job, start, end, scratch)
  }
}
