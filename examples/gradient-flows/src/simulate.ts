import * as monge from 'monge'
import type { Cloud } from './cloud.js'
import type { LossParameters } from './losses.js'
import type { BackendName } from './options.js'
import type { Snapshot, Trajectory } from './trajectory.js'

type Backend = Awaited<ReturnType<typeof monge.defaultBackend>>

/** What a flow is computed from. */
export interface Plan {
  readonly parameters: LossParameters
  readonly source: Cloud
  readonly target: Cloud
  readonly step: number
  /** The times whose clouds are wanted, ascending: whole numbers of steps. */
  readonly times: readonly number[]
  readonly signal: AbortSignal
  /** Called with the number of steps taken and the loss where they led. */
  readonly onStep: (taken: number, loss: number) => void
}

/** What computes flows, with its name. */
export interface Simulator {
  readonly name: string
  readonly simulate: (plan: Plan) => Promise<Trajectory>
}

const starters: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  simd: () => monge.backends.simd(),
  reference: () => monge.backends.reference(),
  cpu: () => monge.backends.tfjs('cpu'),
  wasm: () => monge.backends.tfjs('wasm'),
}

const pairs = (flat: ArrayLike<number>): Cloud =>
  Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index] ?? 0, flat[2 * index + 1] ?? 0] as const)

const simulateOn =
  (backend: Backend) =>
  async (plan: Plan): Promise<Trajectory> => {
    const { parameters, step, times, signal, onStep } = plan
    const iterations = times.map((time) => Math.round(time / step))
    const { disposeMeasure, measureOrThrow, uniform } = monge.measures
    const mu = measureOrThrow(uniform(plan.source, backend))
    const nu = measureOrThrow(uniform(plan.target, backend))
    const flow = monge.flows.gradientFlow(monge.samplesLoss(parameters)(backend), { step })
    const losses: number[] = []
    const snapshots: Snapshot[] = []
    const started = performance.now()
    for await (const state of monge.flows.runAsync(flow, mu, nu, { steps: iterations.at(-1) ?? 0, signal })) {
      const { iteration, value: loss, measure, velocity } = state
      losses.push(loss)
      const time = times[iterations.indexOf(iteration)]
      if (time !== undefined)
        snapshots.push({ time, loss, points: pairs(measure.points.dataSync()), velocities: pairs(velocity.dataSync()) })
      onStep(iteration, loss)
    }
    const secondsPerStep = (performance.now() - started) / 1000 / losses.length
    disposeMeasure(mu)
    disposeMeasure(nu)
    return {
      parameters,
      losses,
      snapshots,
      secondsPerStep,
      times: losses.map((_, iteration) => Number((iteration * step).toPrecision(12))),
    }
  }

/** Starts a backend, the best that there is unless one is named. */
export const simulator = async (name?: BackendName): Promise<Simulator> => {
  const backend = await (name === undefined ? monge.defaultBackend() : starters[name]())
  return { name: `${name ?? 'the default'} (${backend.precision})`, simulate: simulateOn(backend) }
}
