import { requireInteger, requireKnownKeys } from '@monge/errors'
import { drive, givingWay } from '@monge/flows'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import { advance } from './advance.js'
import type { Draws } from './draws.js'
import type { ChainState, Sampler, Step } from './sampler.js'
import { copyState } from './state.js'

/** Which states of a run are handed out, when it ends, and who is told of it. */
export interface RunOptions<State = ChainState, Info = unknown> {
  /** The number of steps; without one, as many as are asked for. */
  readonly steps?: number
  /** How many of them to pass over first; 0 by default. */
  readonly burnIn?: number
  /** After that, every how manieth state is handed out; 1 by default. */
  readonly thin?: number
  /** Ends the run with an error, before the next step. */
  readonly signal?: AbortSignal
  /** Called with every step that is handed out. */
  readonly onProgress?: (step: Step<State, Info>) => void
}

/**
 * The steps of chains that start at a measure's points, computed one by one, as they are asked for: of the steps `1,
 * 2, …, steps` those with the numbers `burnIn + thin, burnIn + 2 thin, …`. A state's tensors live until the next one is
 * asked for, or the iteration ends; `copyState` what is to be kept.
 *
 * @throws InvalidOption; Aborted; Diverged; whatever else the sampler throws
 */
export const run = <State extends ChainState, Info>(
  sampler: Sampler<State, Info>,
  key: Key,
  start: Measure,
  options: RunOptions<State, Info> = {},
): Generator<Step<State, Info>, void> => stepsOf('run', sampler, () => sampler.init(key, start), options)

/** The same from a state, which stays the caller's: `run(n + m)` is `run(n)` and `m` steps from there, bit for bit. */
export const resume = <State extends ChainState, Info>(
  sampler: Sampler<State, Info>,
  state: State,
  options: RunOptions<State, Info> = {},
): Generator<Step<State, Info>, void> => stepsOf('resume', sampler, () => state, options, state)

/** `run`, giving way to other work on the event loop (timers, rendering, an abort) about every `pause` milliseconds. */
export const runAsync = <State extends ChainState, Info>(
  sampler: Sampler<State, Info>,
  key: Key,
  start: Measure,
  options: RunOptions<State, Info> = {},
  pause = 10,
): AsyncGenerator<Step<State, Info>, void> =>
  givingWay(stepsOf('runAsync', sampler, () => sampler.init(key, start), options), pause)

/** The state after a number of steps, as a copy that is the caller's to dispose of. */
export const last = <State extends ChainState, Info>(
  sampler: Sampler<State, Info>,
  key: Key,
  start: Measure,
  options: Pick<RunOptions<State, Info>, 'signal'> & { readonly steps: number },
): State => {
  const { steps } = options
  if (requireInteger(0)('last: steps', steps) === 0) return sampler.init(key, start)
  const [{ state }] = Array.from(
    stepsOf('last', sampler, () => sampler.init(key, start), { ...options, burnIn: steps - 1 }),
    (step) => ({ state: copyState(step.state) }),
  ) as [{ readonly state: State }]
  return state
}

/** The points of every state that a run hands out, on the host. */
export const draw = <State extends ChainState, Info>(
  sampler: Sampler<State, Info>,
  key: Key,
  start: Measure,
  options: RunOptions<State, Info> & { readonly steps: number },
): Draws => {
  const [chains, dimension] = start.points.shape
  const { burnIn = 0, thin = 1 } = options
  const steps = stepsOf('draw', sampler, () => sampler.init(key, start), options)
  const draws = Math.max(0, Math.floor((requireInteger(0)('draw: steps', options.steps) - burnIn) / thin))
  const values = new Float64Array(draws * chains * dimension)
  let count = 0
  for (const { state } of steps) values.set(state.measure.points.dataSync(), count++ * chains * dimension)
  return { values, draws, chains, dimension }
}

const stepsOf = <State extends ChainState, Info>(
  where: string,
  sampler: Sampler<State, Info>,
  first: () => State,
  options: RunOptions<State, Info>,
  borrowed?: State,
): Generator<Step<State, Info>, void> => {
  requireKnownKeys(['steps', 'burnIn', 'thin', 'signal', 'onProgress'])(where, options)
  const { steps = Infinity, burnIn = 0, thin = 1, signal, onProgress } = options
  if (steps !== Infinity) requireInteger(0)(`${where}: steps`, steps)
  requireInteger(0)(`${where}: burnIn`, burnIn)
  requireInteger(1)(`${where}: thin`, thin)
  type Drawn = Step<State, Info>
  const total = Math.max(0, Math.floor((steps - burnIn) / thin))
  let next = burnIn + thin
  return drive<Drawn>({
    where,
    init: () => ({ state: first() }) as Drawn,
    step: ({ state }) => {
      const count = next
      next = thin
      return advance(where, sampler, state, count, signal, borrowed)
    },
    ended: (_, taken) => taken >= total,
    // The start is no step.
    skipped: (taken) => taken === 0,
    onProgress,
    signal,
    borrowed,
  })
}
