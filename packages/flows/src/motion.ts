import { constant } from '@monge/backend'
import { requireBetween, requirePositive } from '@monge/errors'
import { add, div, mul, sqrt, square, sum, tidy, zerosLike } from '@tensorflow/tfjs-core'
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

/** A rule of motion as `{ init, move }`. `tensors` names what it remembers on the device. */
export interface Motion<Memory = unknown> {
  readonly init: (points: Tensor2D) => Memory
  readonly move: (position: Position, memory: Memory) => Move<Memory>
  readonly tensors: (memory: Memory) => readonly Tensor[]
}

const along = (points: Tensor2D, length: number, velocity: Tensor): Tensor2D =>
  tidy(() => add(points, mul(velocity, constant(length))))

/** `x <- x + step v`: the explicit Euler scheme, gradient descent. */
export const euler = (step: number): Motion<undefined> => {
  requirePositive('euler: step', step)
  return {
    init: () => undefined,
    move: ({ points, velocity }) => ({ points: along(points, step, velocity), length: step, memory: undefined }),
    tensors: () => [],
  }
}

/**
 * `m <- decay m + v`, `x <- x + step m`: the heavy ball.
 *
 * @see Polyak, Some methods of speeding up the convergence of iteration methods (1964)
 */
export const momentum = (step: number, decay = 0.9): Motion<Tensor2D> => {
  requirePositive('momentum: step', step)
  requireBetween(0, 1)('momentum: decay', decay)
  return {
    init: (points) => zerosLike(points),
    move: ({ points, velocity }, before) => {
      const memory = tidy(() => add<Tensor2D>(mul(before, constant(decay)), velocity))
      return { points: along(points, step, memory), length: step, memory }
    },
    tensors: (memory) => [memory],
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
  requireBetween(0, 1)('adam: decay', decay)
  requireBetween(0, 1)('adam: squareDecay', squareDecay)
  requirePositive('adam: floor', floor)
  const mixed = (before: Tensor2D, now: Tensor, share: number): Tensor2D =>
    tidy(() => add(mul(before, constant(share)), mul(now, constant(1 - share))))
  return {
    init: (points) => ({ mean: zerosLike(points), meanSquare: zerosLike(points), count: 0 }),
    move: ({ points, velocity }, before) => {
      const count = before.count + 1
      const mean = mixed(before.mean, velocity, decay)
      const squares = square(velocity)
      const meanSquare = mixed(before.meanSquare, squares, squareDecay)
      squares.dispose()
      const moved = tidy(() => {
        const direction = div(mean, constant(1 - decay ** count))
        const size = sqrt(div(meanSquare, constant(1 - squareDecay ** count)))
        return add<Tensor2D>(points, mul(constant(step), div(direction, add(size, constant(floor)))))
      })
      return { points: moved, length: step, memory: { mean, meanSquare, count } }
    },
    tensors: ({ mean, meanSquare }) => [mean, meanSquare],
  }
}

/** The most halvings of a step before it is taken for rounding that the loss does not fall. */
const halvings = 40

/**
 * Euler steps that are halved until the loss falls by a share of what its slope promises (Armijo's rule), and doubled,
 * up to `step`, after a success: the loss never rises. Where no step makes it fall, the points stay.
 */
export const backtracking = (step: number, share = 1e-4): Motion<number> => {
  requirePositive('backtracking: step', step)
  requireBetween(0, 1)('backtracking: share', share)
  return {
    init: () => step,
    move: ({ points, weights, velocity, value, valueAt }, before) => {
      const slope = tidy(() => sum(mul(weights, sum(square(velocity), 1))).dataSync()[0])
      let length = before
      for (let k = 0; k < halvings; k++, length /= 2) {
        const moved = along(points, length, velocity)
        if (valueAt(moved) <= value - share * length * slope)
          return { points: moved, length, memory: Math.min(step, 2 * length) }
        moved.dispose()
      }
      return { points: points.clone(), length: 0, memory: before }
    },
    tensors: () => [],
  }
}
