/*
 * Profiles as programs over buffers: powers and exponentials of squared distances, their sums and products. The host
 * compiles a profile, and its derivative, which is a profile too.
 */
import {
  BUFFER, CODE_ADD, CODE_EXPONENTIAL, CODE_MULTIPLY, CODE_POWER, CONSTANT_EXP, CONSTANT_HIGH, CONSTANT_LOW,
  CONSTANT_MAGIC, CONSTANT_ONE, STEP_BYTES, STEP_CODE, STEP_EXPONENT, STEP_FINITE, STEP_RATE, STEP_SCALE, STEP_SHIFT,
  STEP_SOURCE, STEP_TARGET,
} from './layout'
import { constantOf, logarithm2, power2 } from './elementary'

/** `base^exponent` elementwise, in place allowed; zero (or infinity, below) at a base of zero. */
function powers<T>(target: usize, source: usize, count: i32, shift: f64, exponent: f64, finite: bool): void {
  const end = target + <usize>count * sizeof<T>()
  const move = v128.splat<T>(<T>shift)
  const zero = v128.splat<T>(<T>0)
  const one = v128.splat<T>(<T>1)
  if (exponent == 1) {
    for (; target < end; target += 16, source += 16) v128.store(target, v128.add<T>(v128.load(source), move))
  } else if (exponent == 0.5) {
    for (; target < end; target += 16, source += 16)
      v128.store(target, v128.sqrt<T>(v128.add<T>(v128.load(source), move)))
  } else if (exponent == -0.5) {
    for (; target < end; target += 16, source += 16)
      v128.store(target, v128.div<T>(one, v128.sqrt<T>(v128.add<T>(v128.load(source), move))))
  } else if (exponent == -1) {
    for (; target < end; target += 16, source += 16)
      v128.store(target, v128.div<T>(one, v128.add<T>(v128.load(source), move)))
  } else if (exponent == -0.25) {
    for (; target < end; target += 16, source += 16)
      v128.store(target, v128.div<T>(one, v128.sqrt<T>(v128.sqrt<T>(v128.add<T>(v128.load(source), move)))))
  } else if (exponent == 2) {
    for (; target < end; target += 16, source += 16) {
      const x = v128.add<T>(v128.load(source), move)
      v128.store(target, v128.mul<T>(x, x))
    }
  } else if (exponent == 0) {
    for (; target < end; target += 16, source += 16) v128.store(target, one)
  } else {
    const low = constantOf<T>(CONSTANT_LOW)
    const high = constantOf<T>(CONSTANT_HIGH)
    const magic = constantOf<T>(CONSTANT_MAGIC)
    const c1 = constantOf<T>(CONSTANT_EXP)
    const c2 = constantOf<T>(CONSTANT_EXP + 1)
    const c3 = constantOf<T>(CONSTANT_EXP + 2)
    const c4 = constantOf<T>(CONSTANT_EXP + 3)
    const c5 = constantOf<T>(CONSTANT_EXP + 4)
    const power = v128.splat<T>(<T>exponent)
    const atZero = v128.splat<T>(<T>(exponent > 0 || finite ? 0 : Infinity))
    for (; target < end; target += 16, source += 16) {
      const x = v128.add<T>(v128.load(source), move)
      const t = v128.pmin<T>(v128.pmax<T>(v128.mul<T>(power, logarithm2<T>(x)), low), high)
      const y = power2<T>(t, magic, one, c1, c2, c3, c4, c5)
      v128.store(target, v128.bitselect(y, atZero, v128.gt<T>(x, zero)))
    }
    return
  }
  if (finite && exponent < 0) {
    const infinite = v128.splat<T>(<T>Infinity)
    for (target = end - <usize>count * sizeof<T>(); target < end; target += 16) {
      const x = v128.load(target)
      v128.store(target, v128.and(x, v128.lt<T>(x, infinite)))
    }
  }
}

/** `scale x` in place. */
function scaled<T>(target: usize, count: i32, scale: f64): void {
  if (scale == 1) return
  const end = target + <usize>count * sizeof<T>()
  const factor = v128.splat<T>(<T>scale)
  for (; target < end; target += 16) v128.store(target, v128.mul<T>(factor, v128.load(target)))
}

/** `scale 2^(rate (x + shift))`, in place allowed. */
function exponentials<T>(target: usize, source: usize, count: i32, scale: f64, rate: f64, shift: f64): void {
  const end = target + <usize>count * sizeof<T>()
  const low = constantOf<T>(CONSTANT_LOW)
  const high = constantOf<T>(CONSTANT_HIGH)
  const magic = constantOf<T>(CONSTANT_MAGIC)
  const one = constantOf<T>(CONSTANT_ONE)
  const c1 = constantOf<T>(CONSTANT_EXP)
  const c2 = constantOf<T>(CONSTANT_EXP + 1)
  const c3 = constantOf<T>(CONSTANT_EXP + 2)
  const c4 = constantOf<T>(CONSTANT_EXP + 3)
  const c5 = constantOf<T>(CONSTANT_EXP + 4)
  const factor = v128.splat<T>(<T>scale)
  const speed = v128.splat<T>(<T>rate)
  const start = v128.splat<T>(<T>(rate * shift))
  for (; target < end; target += 32, source += 32) {
    const t = v128.pmin<T>(v128.add<T>(v128.mul<T>(speed, v128.load(source)), start), high)
    const x = power2<T>(v128.pmax<T>(t, low), magic, one, c1, c2, c3, c4, c5)
    v128.store(target, v128.mul<T>(factor, v128.and(x, v128.gt<T>(t, low))))
    const u = v128.pmin<T>(v128.add<T>(v128.mul<T>(speed, v128.load(source, 16)), start), high)
    const y = power2<T>(v128.pmax<T>(u, low), magic, one, c1, c2, c3, c4, c5)
    v128.store(target, v128.mul<T>(factor, v128.and(y, v128.gt<T>(u, low))), 16)
  }
}

/**
 * Runs a program on the squared distances at `distances`; returns where its result lies: among the registers, or the
 * distances themselves where the program is empty.
 */
export function runProgram<T>(program: usize, length: i32, distances: usize, registers: usize, count: i32): usize {
  let result = distances
  for (let k = 0; k < length; k++, program += STEP_BYTES) {
    const code = load<i32>(program, STEP_CODE)
    const sourceNumber = load<i32>(program, STEP_SOURCE)
    const target = registers + <usize>((load<i32>(program, STEP_TARGET) - 1) * BUFFER)
    const source = sourceNumber == 0 ? distances : registers + <usize>((sourceNumber - 1) * BUFFER)
    const scale = load<f64>(program, STEP_SCALE)
    if (code == CODE_POWER || code == CODE_EXPONENTIAL) {
      const finite = load<i32>(program, STEP_FINITE) != 0
      const shift = load<f64>(program, STEP_SHIFT)
      const exponent = load<f64>(program, STEP_EXPONENT)
      if (code == CODE_POWER) {
        powers<T>(target, source, count, shift, exponent, finite)
        scaled<T>(target, count, scale)
      } else {
        const straight = exponent == 1
        if (!straight) powers<T>(target, source, count, shift, exponent, finite)
        exponentials<T>(
          target, straight ? source : target, count, scale, load<f64>(program, STEP_RATE), straight ? shift : 0,
        )
      }
    } else if (code == CODE_ADD) {
      for (let k: usize = 0, end = <usize>count * sizeof<T>(); k < end; k += 16)
        v128.store(target + k, v128.add<T>(v128.load(target + k), v128.load(source + k)))
    } else {
      for (let k: usize = 0, end = <usize>count * sizeof<T>(); k < end; k += 16)
        v128.store(target + k, v128.mul<T>(v128.load(target + k), v128.load(source + k)))
    }
    result = target
  }
  return result
}

/** The same power as programs know, for the Lp norms. */
export function raise<T>(target: usize, source: usize, count: i32, exponent: f64, finite: bool): void {
  powers<T>(target, source, count, 0, exponent, finite)
}
