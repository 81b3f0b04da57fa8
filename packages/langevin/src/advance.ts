import { mongeError } from '@monge/errors'
import { tensorsOf } from '@monge/flows'
import type { ChainState, Sampler, Step } from './sampler.js'

/** The most steps in one go, so that a signal is heard in time. */
const most = 64

/**
 * So many steps from a state. What is between is freed; the state and what it borrows is not.
 *
 * @throws Aborted before the step that follows the signal; whatever the sampler throws
 */
export const advance = <State extends ChainState, Info>(
  where: string,
  sampler: Sampler<State, Info>,
  from: State,
  count: number,
  signal?: AbortSignal,
  borrowed?: unknown,
): Step<State, Info> => {
  const held = count === 1 ? undefined : new Set([...tensorsOf(from), ...tensorsOf(borrowed)])
  const free = (state: State, next?: unknown): void => {
    if (state === from) return
    const kept = tensorsOf(next)
    for (const tensor of tensorsOf(state)) if (held?.has(tensor) !== true && !kept.has(tensor)) tensor.dispose()
  }
  const go = (state: State, left: number): Step<State, Info> => {
    const size = Math.min(left, most)
    return size > 1 && sampler.leap !== undefined ? sampler.leap(state, size) : sampler.step(state)
  }
  let step = go(from, count)
  const end = from.iteration + count
  try {
    while (step.state.iteration < end) {
      if (signal?.aborted === true) throw mongeError('Aborted', where, 'the signal was raised', signal.reason)
      const next = go(step.state, end - step.state.iteration)
      free(step.state, next)
      step = next
    }
    return step
  } catch (error) {
    free(step.state)
    throw error
  }
}
