/*
 * The host's copy of assembly/layout.ts, where the fields are explained; a test compares the two.
 */

export const tile = 512
export const group = 4
export const scratchBytes = 114688
export const registers = 8
export const stepBytes = 48

/** Bytes from the start of a geometry. */
export const geometryFields = {
  kind: 0,
  dimension: 4,
  rows: 8,
  columns: 12,
  stride: 16,
  rowPoints32: 20,
  columnPoints32: 24,
  rowPoints64: 28,
  columnPoints64: 32,
  dense: 36,
  denseBytes: 40,
  value: 48,
  valueLength: 52,
  slope: 56,
  slopeLength: 60,
  order: 64,
  exponent: 72,
  columnRows64: 80,
  columnRows32: 84,
  dense64: 88,
} as const

/** What a geometry computes. */
export const kinds = {
  radial: 0,
  lp: 1,
} as const

/** Bytes from the start of a job. */
export const jobFields = {
  geometry: 0,
  operation: 4,
  chunk: 8,
  width: 12,
  flags: 16,
  p: 20,
  q: 24,
  q32: 28,
  u: 32,
  v: 36,
  out: 40,
  columnOut: 44,
  kernel: 48,
  start: 52,
  end: 56,
  factor: 64,
  slack: 72,
  least: 80,
  rate: 88,
} as const

/** Factors and sums of a reduction. */
export const flags = {
  plan: 1,
  cost: 2,
  pair: 4,
  slope: 8,
  total: 16,
  values: 32,
  differences: 64,
  sparse: 128,
  scaled: 256,
} as const

/** Bytes from the start of a step of a program. */
export const stepFields = {
  code: 0,
  target: 4,
  source: 8,
  finite: 12,
  scale: 16,
  rate: 24,
  shift: 32,
  exponent: 40,
} as const

/** What a step does. */
export const codes = {
  power: 0,
  exponential: 1,
  add: 2,
  multiply: 3,
} as const

/** Operations, and the formats that they run in. */
export const operations = {
  softmin: 0,
  minimum: 1,
  reduction: 2,
  entries: 3,
  bothSums: 4,
  storeKernel: 5,
  kernelRows: 6,
  kernelColumns: 7,
  kernelBoth: 8,
  storeCosts: 9,
  symmetricSums: 10,
  argsort: 11,
  mirror: 12,
  slice: 13,
  turn: 14,
  moments: 15,
  expansion: 16,
  scalings: 17,
  potentials: 18,
  sweep: 19,
  absorb: 20,
  storePrecisely: 21,
  absorbingSweep: 22,
  wholeSweep: 23,
} as const

export const formats = { float32: 0, wide: 1, float64: 2 } as const

/** Where the tables of constants begin, and the places in them. */
export const constantTables = { float32: 1024, float64: 1536 } as const

export const constantPlaces = { magic: 0, low: 1, high: 2, one: 3, exponential: 4, root: 16, oneBits: 17, logarithm: 18 } as const

/** Where the host may put what it likes: the one job, and then the heap. */
export const jobAddress = 2048
export const jobBytes = 96

/** What threads share out a job by, in 32-bit words from here. */
export const controlAddress = 3072
export const controlWords = { round: 0, next: 1, done: 2, format: 3, asleep: 4 } as const
export const controlLength = 5

/**
 * How long a worker looks for the next job, and a caller for the end of its own, before they sleep, in milliseconds: to wake
 * takes as long as a small job, such as a solver's sweeps are. They look at a clock every so many looks.
 */
export const awake = { worker: 0.25, caller: 0.1 } as const
export const looks = 64

/** `next` holds a job's number of chunks above so many bits, and the next chunk in them. */
export const chunkBits = 12

export const heapStart = 4096
