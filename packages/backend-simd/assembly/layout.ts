/*
 * What the host and the kernels agree on: where the fields of a geometry and of a job lie, in bytes, and how a thread's
 * scratch memory is divided. src/layout.ts is the host's copy; a test compares the two.
 */

/** Entries of a row that are worked on at a time, so that all buffers stay in the first-level cache. */
export const TILE: i32 = 512
/** Bytes of one buffer: a tile in float64. */
export const BUFFER: i32 = 4096
/** Rows that share the loads of a tile of columns. */
export const GROUP: i32 = 4

/*
 * Geometry: the two clouds, rows x [n, d] point by point, columns y [d, stride] coordinate by coordinate; in float32
 * (where the engine has it) and in float64. `DENSE` is 0, or where the costs are stored, rows `STRIDE` apart: given
 * ones, or those of the points.
 */
export const GEOMETRY_KIND: usize = 0
export const GEOMETRY_DIMENSION: usize = 4
export const GEOMETRY_ROWS: usize = 8
export const GEOMETRY_COLUMNS: usize = 12
export const GEOMETRY_STRIDE: usize = 16
export const GEOMETRY_ROW_POINTS_32: usize = 20
export const GEOMETRY_COLUMN_POINTS_32: usize = 24
export const GEOMETRY_ROW_POINTS_64: usize = 28
export const GEOMETRY_COLUMN_POINTS_64: usize = 32
export const GEOMETRY_DENSE: usize = 36
export const GEOMETRY_DENSE_BYTES: usize = 40
export const GEOMETRY_VALUE: usize = 48
export const GEOMETRY_VALUE_LENGTH: usize = 52
export const GEOMETRY_SLOPE: usize = 56
export const GEOMETRY_SLOPE_LENGTH: usize = 60
export const GEOMETRY_ORDER: usize = 64
export const GEOMETRY_EXPONENT: usize = 72
/** The columns' points once more, point by point, in float64: for the few entries that are computed one by one. */
export const GEOMETRY_COLUMN_ROWS_64: usize = 80
/** The same in float32, in many dimensions, where loops run along coordinates; and the stored costs once more, in float64. */
export const GEOMETRY_COLUMN_ROWS_32: usize = 84
export const GEOMETRY_DENSE_64: usize = 88

export const KIND_RADIAL: i32 = 0
export const KIND_LP: i32 = 1

/* Job: one reduction over a geometry. p, q are float64, in units of log 2; u, v and the kernel of the job's format. */
export const JOB_GEOMETRY: usize = 0
export const JOB_OPERATION: usize = 4
export const JOB_CHUNK: usize = 8
export const JOB_WIDTH: usize = 12
export const JOB_FLAGS: usize = 16
export const JOB_P: usize = 20
export const JOB_Q: usize = 24
export const JOB_Q_32: usize = 28
export const JOB_U: usize = 32
export const JOB_V: usize = 36
export const JOB_OUT: usize = 40
export const JOB_COLUMN_OUT: usize = 44
export const JOB_KERNEL: usize = 48
export const JOB_START: usize = 52
export const JOB_END: usize = 56
export const JOB_FACTOR: usize = 64
/** How far float32 exponents may be from the true ones. */
export const JOB_SLACK: usize = 72
/** The least sum that has lost nothing. */
export const JOB_LEAST: usize = 80
/** Of a sweep that stores its kernel, epsilon; of the parts of a whole sweep, the least sum for scalings of 1. */
export const JOB_RATE: usize = 88

/** Jobs that lie side by side are so far apart. */
export const BYTES_OF_JOB: usize = 96

export const FLAG_PLAN: i32 = 1
export const FLAG_COST: i32 = 2
export const FLAG_PAIR: i32 = 4
export const FLAG_SLOPE: i32 = 8
export const FLAG_TOTAL: i32 = 16
export const FLAG_VALUES: i32 = 32
export const FLAG_DIFFERENCES: i32 = 64
/** Differences of which few entries are likely to count. */
export const FLAG_SPARSE: i32 = 128
/** Sums that each row has a factor for. */
export const FLAG_SCALED: i32 = 256

/* A step of a profile's program: 48 bytes. Buffers are numbered; 0 holds the squared distances. */
export const STEP_BYTES: i32 = 48
export const STEP_CODE: usize = 0
export const STEP_TARGET: usize = 4
export const STEP_SOURCE: usize = 8
export const STEP_FINITE: usize = 12
export const STEP_SCALE: usize = 16
export const STEP_RATE: usize = 24
export const STEP_SHIFT: usize = 32
export const STEP_EXPONENT: usize = 40

export const CODE_POWER: i32 = 0
export const CODE_EXPONENTIAL: i32 = 1
export const CODE_ADD: i32 = 2
export const CODE_MULTIPLY: i32 = 3

/* A thread's scratch: GROUP buffers of distances, then the registers of programs, then those of the reductions. */
export const REGISTERS: i32 = 8
export const SCRATCH_REGISTERS: usize = <usize>(GROUP * BUFFER)
export const SCRATCH_EXPONENTS: usize = SCRATCH_REGISTERS + <usize>(REGISTERS * BUFFER)
export const SCRATCH_WEIGHTS: usize = SCRATCH_EXPONENTS + <usize>BUFFER
export const SCRATCH_PAIRS: usize = SCRATCH_WEIGHTS + <usize>(GROUP * BUFFER)
export const SCRATCH_COLUMNS: usize = SCRATCH_PAIRS + <usize>BUFFER
export const SCRATCH_STATE: usize = SCRATCH_COLUMNS + <usize>BUFFER
/** Distances in the second format, where a job needs both; what Lp norms put behind them is allowed for. */
export const SCRATCH_DISTANCES: usize = SCRATCH_STATE + <usize>BUFFER
export const SCRATCH_BYTES: usize = SCRATCH_DISTANCES + <usize>(2 * GROUP * BUFFER)

/* Constants that the host writes, one table for each format, so that loops find them in memory. */
export const CONSTANTS_32: usize = 1024
export const CONSTANTS_64: usize = 1536
export const CONSTANT_MAGIC: i32 = 0
export const CONSTANT_LOW: i32 = 1
export const CONSTANT_HIGH: i32 = 2
export const CONSTANT_ONE: i32 = 3
/** 2^x = 1 + sum_k EXP[k] x^k on [-1/2, 1/2]: 5 terms in float32, 12 in float64. */
export const CONSTANT_EXP: i32 = 4
/** Where the mantissa wraps: the bits of sqrt(1/2). */
export const CONSTANT_ROOT: i32 = 16
export const CONSTANT_ONE_BITS: i32 = 17
/** log2((1 + s) / (1 - s)) = s sum_k LOG[k] s^2k: 5 terms in float32, 11 in float64. */
export const CONSTANT_LOG: i32 = 18
