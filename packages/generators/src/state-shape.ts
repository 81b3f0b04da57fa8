import { mongeError } from '@monge/errors'
import { isTensor } from './is-tensor.js'

/** The shape of a state as a text: its names, the shapes of its tensors, the types of its other values. */
export const shapeOf = (state: unknown): string => JSON.stringify(described(state))

const described = (state: unknown): unknown => {
  if (isTensor(state)) return `tensor [${state.shape.join(', ')}]`
  if (Array.isArray(state)) return state.map(described)
  if (typeof state === 'object' && state !== null)
    return Object.entries(state).map(([name, part]) => [name, described(part)])
  return typeof state
}

/**
 * Asserts that a state that came from elsewhere is like one of ours.
 *
 * @throws InvalidArgument
 */
export const requireSameShape = (where: string, given: unknown, ours: unknown): void => {
  const [theirs, expected] = [shapeOf(given), shapeOf(ours)]
  if (theirs !== expected) throw mongeError('InvalidArgument', where, `expected ${brief(expected)}, got ${brief(theirs)}`)
}

const brief = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text)
