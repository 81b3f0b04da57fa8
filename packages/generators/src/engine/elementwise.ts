import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Machine } from './machine.js'
import { padded } from './multiply.js'

/** The functions that assembly/activations.ts knows, by their numbers there. */
export const kinds = { sigmoid: 0, tanh: 1, softplus: 2, swish: 3, elu: 4, gelu: 5 } as const

/** The name of one of them. */
export type Kind = keyof typeof kinds

/** A function of each number, times a gain; undefined where memory is short, here and below. */
export const activated = (machine: Machine, kind: Kind, gain: number, x: Tensor2D): Tensor2D | undefined =>
  ofOne(machine, x, (at, out, count) => machine.exports.activate(kinds[kind], at, gain, out, count))

/** What is upstream of such a function, times its derivative at x and the gain. */
export const slopes = (machine: Machine, kind: Kind, gain: number, x: Tensor2D, upstream: Tensor2D): Tensor2D | undefined =>
  ofTwo(machine, x, upstream, (at, slope, out, count) => machine.exports.slopes(kinds[kind], at, slope, gain, out, count))

/** `max(x, 0)` */
export const rectify = (machine: Machine, x: Tensor2D): Tensor2D | undefined =>
  ofOne(machine, x, (at, out, count) => {
    machine.exports.spread(at, out, 1, x.size)
    machine.exports.rectify(out, count)
  })

/** What is upstream of `max(x, 0)`, times its slope, from x or from its own values. */
export const gate = (machine: Machine, x: Tensor2D, upstream: Tensor2D): Tensor2D | undefined =>
  ofTwo(machine, x, upstream, machine.exports.gate)

/** `a + factor b`, of one shape. */
export const plus = <T extends Tensor>(machine: Machine, a: T, b: T, factor: 1 | -1 | -2): T | undefined =>
  ofTwo(machine, a, b, (one, other, out, count) => machine.exports.plus(one, other, factor, out, count))

/** Each row of `x` `[m, n]` times a factor `[m]`, or over it. */
export const timesRows = ({ exports, residence }: Machine, x: Tensor2D, factors: Tensor1D, over: boolean): Tensor2D | undefined =>
  residence.within(({ addressOf, room, tensorAt }) => {
    const [at, by] = [addressOf(x), addressOf(factors)]
    const out = room(x.size)
    exports.timesRows(at, by, out, ...x.shape, over ? 1 : 0)
    return tensorAt<Tensor2D>(out, x.shape)
  })

/** The inner product of each row of `a` with that of `b`, `[m]`. */
export const rowProducts = ({ exports, residence }: Machine, a: Tensor2D, b: Tensor2D): Tensor1D | undefined =>
  residence.within(({ addressOf, room, tensorAt }) => {
    const [one, other] = [addressOf(a), addressOf(b)]
    const out = room(a.shape[0])
    exports.rowProducts(one, other, out, ...a.shape)
    return tensorAt<Tensor1D>(out, [a.shape[0]])
  })

/** `a + share (b - a)`, of one shape. */
export const between = <T extends Tensor>(machine: Machine, a: T, b: T, share: number): T | undefined =>
  ofTwo(machine, a, b, (one, other, out, count) => machine.exports.towards(one, other, share, out, count))

const ofOne = <T extends Tensor>(
  { residence }: Machine,
  x: T,
  write: (x: number, out: number, count: number) => void,
): T | undefined =>
  residence.within(({ addressOf, room, tensorAt }) => {
    const at = addressOf(x)
    const out = room(x.size)
    write(at, out, padded(x.size))
    return tensorAt<T>(out, x.shape)
  })

const ofTwo = <T extends Tensor>(
  { residence }: Machine,
  a: T,
  b: T,
  write: (a: number, b: number, out: number, count: number) => void,
): T | undefined =>
  residence.within(({ addressOf, room, tensorAt }) => {
    const [one, other] = [addressOf(a), addressOf(b)]
    const out = room(a.size)
    write(one, other, out, padded(a.size))
    return tensorAt<T>(out, a.shape)
  })
