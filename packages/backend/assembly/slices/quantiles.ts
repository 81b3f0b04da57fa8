/*
 * Sorted projections, merged by quantiles: `W_p^p` and its gradients.
 */

import {
  n, m, dimension, exponent, exact, uniform, direction, orderX, orderY, sortedX, sortedY, weightsX, weightsY, massesX,
  massesY, pairsX, pairsY, slopesX, slopesY, potentialX, potentialY,
} from './memory'

/** `base^exponent`, by the host. */
// @ts-ignore: decorator
@external("slices", "pow")
declare function pow(base: f64, exponent: f64): f64

/** The weights in sorted order. */
function weigh(weights: usize, order: usize, masses: usize, count: i32): void {
  for (let i: usize = 0; i < <usize>count; i++)
    store<f64>(masses + (i << 3), load<f64>(weights + (<usize>load<u32>(order + (i << 2)) << 3)))
}

function power(gap: f64): f64 {
  if (exponent === 2) return gap * gap
  if (exponent === 1) return Math.abs(gap)
  return gap === 0 ? 0 : pow(Math.abs(gap), exponent)
}

function slope(gap: f64): f64 {
  if (exponent === 2) return 2 * gap
  if (gap === 0) return 0
  if (exponent === 1) return gap > 0 ? 1 : -1
  const size = exponent * pow(Math.abs(gap), exponent - 1)
  return gap > 0 ? size : -size
}

/** `W_p^p` of the sorted projections. */
export function value(): f64 {
  let sum: f64 = 0
  if (uniform) {
    for (let k: usize = 0; k < <usize>n << 3; k += 8) sum += power(load<f64>(sortedX + k) - load<f64>(sortedY + k))
    return sum * load<f64>(weightsX)
  }
  weigh(weightsX, orderX, massesX, n)
  weigh(weightsY, orderY, massesY, m)
  let k: i32 = 0
  let l: i32 = 0
  let leftA = load<f64>(massesX)
  let leftB = load<f64>(massesY)
  while (true) {
    const mass = Math.min(leftA, leftB)
    sum += mass * power(load<f64>(sortedX + (<usize>k << 3)) - load<f64>(sortedY + (<usize>l << 3)))
    leftA -= mass
    leftB -= mass
    if (k === n - 1 && l === m - 1) return sum
    if (l === m - 1 || (k < n - 1 && leftA <= leftB)) {
      k += 1
      leftA = load<f64>(massesX + (<usize>k << 3))
      if (l === m - 1) leftB = Math.max(leftB, leftA)
    } else {
      l += 1
      leftB = load<f64>(massesY + (<usize>l << 3))
      if (k === n - 1) leftA = Math.max(leftA, leftB)
    }
  }
}

/** Notes the slope and the potential of the point at `place` of an order; every point gets its own once. */
function note<T>(pairs: usize, order: usize, place: usize, pull: f64, potential: f64): void {
  const at = pairs + <usize>load<u32>(order + (place << 2)) * 2 * sizeof<T>()
  store<T>(at, <T>pull)
  store<T>(at + sizeof<T>(), <T>potential)
}

/** Adds the slopes along the direction, and the potentials, to what there is; in the order of memory. */
function gather<T>(pairs: usize, slopes: usize, potentials: usize, count: i32, column: i32): void {
  const d = <usize>dimension
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = pairs + i * 2 * sizeof<T>()
    const by = <f64>load<T>(at)
    const potential = potentials + (i << 3)
    store<f64>(potential, load<f64>(potential) + <f64>load<T>(at + sizeof<T>()))
    if (column >= 0) {
      const place = slopes + ((i * d + <usize>column) << 3)
      store<f64>(place, load<f64>(place) + by)
      continue
    }
    const place = slopes + ((i * d) << 3)
    for (let k: usize = 0; k < d << 3; k += 8)
      store<f64>(place + k, load<f64>(place + k) + by * load<f64>(direction + k))
  }
}

/** `W_p^p` of the sorted projections; adds its gradients in points and (as potentials) in weights to what there is. */
export function valueAndGradient(column: i32): f64 {
  return exact ? walk<f64>(column) : walk<f32>(column)
}

function walk<T>(column: i32): f64 {
  const sum = uniform ? inStep<T>() : merged<T>()
  gather<T>(pairsX, slopesX, potentialX, n, column)
  gather<T>(pairsY, slopesY, potentialY, m, column)
  return sum
}

/** As many points on both sides, all of one weight. */
function inStep<T>(): f64 {
  const mass = load<f64>(weightsX)
  let sum: f64 = 0
  let g: f64 = 0
  let y = load<f64>(sortedY)
  for (let k: usize = 0; k < <usize>n; k++) {
    const x = load<f64>(sortedX + (k << 3))
    const f = power(x - y) - g
    y = load<f64>(sortedY + (k << 3))
    const gap = x - y
    const cost = power(gap)
    const pull = mass * slope(gap)
    sum += cost
    // The first sink has potential zero.
    g = k === 0 ? 0 : cost - f
    note<T>(pairsX, orderX, k, pull, f)
    note<T>(pairsY, orderY, k, -pull, g)
  }
  return sum * mass
}

/** Quantiles merged. */
function merged<T>(): f64 {
  weigh(weightsX, orderX, massesX, n)
  weigh(weightsY, orderY, massesY, m)
  let sum: f64 = 0
  let k: i32 = 0
  let l: i32 = 0
  let x = load<f64>(sortedX)
  let y = load<f64>(sortedY)
  let gap = x - y
  let cost = power(gap)
  let f = cost
  let g: f64 = 0
  let pullX: f64 = 0
  let pullY: f64 = 0
  let leftA = load<f64>(massesX)
  let leftB = load<f64>(massesY)
  while (true) {
    const mass = Math.min(leftA, leftB)
    sum += mass * cost
    const pull = mass * slope(gap)
    pullX += pull
    pullY -= pull
    leftA -= mass
    leftB -= mass
    if (k === n - 1 && l === m - 1) {
      note<T>(pairsX, orderX, k, pullX, f)
      note<T>(pairsY, orderY, l, pullY, g)
      return sum
    }
    if (l === m - 1 || (k < n - 1 && leftA <= leftB)) {
      note<T>(pairsX, orderX, k, pullX, f)
      pullX = 0
      k += 1
      x = load<f64>(sortedX + (<usize>k << 3))
      gap = x - y
      cost = power(gap)
      f = cost - g
      leftA = load<f64>(massesX + (<usize>k << 3))
      if (l === m - 1) leftB = Math.max(leftB, leftA)
    } else {
      note<T>(pairsY, orderY, l, pullY, g)
      pullY = 0
      l += 1
      y = load<f64>(sortedY + (<usize>l << 3))
      gap = x - y
      cost = power(gap)
      g = cost - f
      leftB = load<f64>(massesY + (<usize>l << 3))
      if (k === n - 1) leftA = Math.max(leftA, leftB)
    }
  }
}
