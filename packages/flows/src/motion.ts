import { constant } from '@monge/backend'
import { mongeError, requirePositive } from '@monge/errors'
import { add, div, mul, sqrt, square, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** What a rule of motion is given to move points by. */
export interface Position {
  /** `[n, d]` */
  readonly points: Tensor2D
  /** `[n]` */
  readonly weights: Tensor1D
  /** `[n, d]` */
  readonly velocity: Tensor2D
  readonly value: number
  /** The loss at other points. */
  readonly valueAt: (points: Tensor2D) => number
}

/** Where a rule of motion goes: new points, how far along the velocity, and what to remember. */
export interface Move<Memory> {
  readonly points: Tensor2D
  readonly length: number
  readonly memory: Memory
}

/**
 * A rule of motion as `{ init, move }`. What it remembers may hold tensors, in records and lists; the flow frees them in
 * time, and whatever else was made on the way.
 */
export interface Motion<Memory = unknown> {
  init(points: Tensor2D): Memory
  move(position: Position, memory: Memory): Move<Memory>
}

/** `x + length v` */
export const along = (points: Tensor2D, length: number, velocity: Tensor): Tensor2D =>
  add(points, mul(velocity, constant(length)))

/** A number of at least 0 and below 1. */
export const requireShare = (where: string, value: number): number => {
  if (typeof value === 'number' && value >= 0 && value < 1) return value
  throw mongeError('InvalidOption', where, `expected a number of at least 0 and below 1, got ${String(value)}`)
}

/** `x <- x + step v`: the explicit Euler scheme, gradient descent. */
export const euler = (step: number): Motion<undefined> => {
  requirePositive('euler: step', step)
  return {
    init: () => undefined,
    move: ({ points, velocity }) => ({ points: along(points, step, velocity), length: step, memory: undefined }),
  }
}

/**
 * `m <- decay m + v`, `x <- x + step m`: the heavy ball.
 *
 * @see Polyak, Some methods of speeding up the convergence of iteration methods (1964)
 */
export const momentum = (step: number, decay = 0.9): Motion<Tensor2D> => {
  requirePositive('momentum: step', step)
  requireShare('momentum: decay', decay)
  return {
    init: (points) => zerosLike(points),
    move: ({ points, velocity }, before) => {
      const memory = add<Tensor2D>(mul(before, constant(decay)), velocity)
      return { points: along(points, step, memory), length: step, memory }
    },
  }
}

/** What Adam remembers: the moving means of the velocity and of its square, and the number of steps. */
export interface AdamMemory {
  readonly mean: Tensor2D
  readonly meanSquare: Tensor2D
  readonly count: number
}

/**
 * Steps of a size of about `step` in each coordinate, whatever the scale of the velocity.
 *
 * @see Kingma, Ba, Adam: a method for stochastic optimization (2015), algorithm 1
 */
export const adam = (step: number, decay = 0.9, squareDecay = 0.999, floor = 1e-8): Motion<AdamMemory> => {
  requirePositive('adam: step', step)
  requireShare('adam: decay', decay)
  requireShare('adam: squareDecay', squareDecay)
  requirePositive('adam: floor', floor)
  const mixed = (before: Tensor2D, now: Tensor, share: number): Tensor2D =>
    add(mul(before, constant(share)), mul(now, constant(1 - share)))
  return {
    init: (points) => ({ mean: zerosLike(points), meanSquare: zerosLike(points), count: 0 }),
    move: ({ points, velocity }, before) => {
      const count = before.count + 1
      const mean = mixed(before.mean, velocity, decay)
      const meanSquare = mixed(before.meanSquare, square(velocity), squareDecay)
      const direction = div(mean, constant(1 - decay ** count))
      const size = sqrt(div(meanSquare, constant(1 - squareDecay ** count)))
      return {
        points: along(points, step, div(direction, add(size, constant(floor)))),
        length: step,
        memory: { mean, meanSquare, count },
      }
    },
  }
}
