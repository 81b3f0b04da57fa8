import { diagnose, startOf, steinOf, track } from '@monge-examples/langevin-targets/samplers'
import type { Setting, Tracked } from '@monge-examples/langevin-targets/samplers'
import { densityOf, targets, wells } from '@monge-examples/langevin-targets/targets'
import type { Target } from '@monge-examples/langevin-targets/targets'
import { samplerNames } from '@monge-examples/langevin-targets/words'
import type { SamplerName } from '@monge-examples/langevin-targets/words'
import type { Backend } from '@monge/backend'
import { mongeError } from '@monge/errors'
import type { Potential } from '@monge/langevin'
import type { Frame, Run, Settings } from '../../experiment.js'
import type { Extra } from './extra.js'

const cells = 80

// Chains are judged this often in a run, since that takes longer than a step.
const judgements = 20

const targetOf = (name: unknown): Target => {
  const found = [...targets, wells].find((target) => target.name === name)
  if (found === undefined) throw mongeError('InvalidOption', 'target', `there is no target "${String(name)}"`)
  return found
}

const settingOf = (settings: Settings): Setting => ({
  particles: Number(settings['particles']),
  steps: Number(settings['steps']),
  seed: Number(settings['seed']),
})

const shade = (backend: Backend, target: Target, potential: Potential): Extra => {
  const density = densityOf(backend, potential, cells)
  const largest = density.reduce((most, value) => Math.max(most, value), 0)
  return { target: target.name, cells, density: Float32Array.from(density, (value) => value / largest) }
}

/** What is read of a sampler now: of its particles, and of the second half of what its chains have drawn so far. */
const readingsOf = (backend: Backend, potential: Potential, name: SamplerName, seen: readonly Tracked[]): Frame['readings'] => {
  const points = seen.at(-1)?.points
  if (points === undefined) return {}
  const later = seen.slice(Math.floor(seen.length / 2))
  const { acceptance, effective, rHat }: Partial<ReturnType<typeof diagnose>> =
    name === 'SVGD' || later.length < 4 ? {} : diagnose(later)
  return {
    [`stein ${name}`]: steinOf(backend, potential, points),
    ...(acceptance === undefined ? {} : { acceptance }),
    ...(effective === undefined || rHat === undefined ? {} : { [`effective ${name}`]: effective, [`rHat ${name}`]: rHat }),
  }
}

export const run: Run = async function* (settings, { backend, signal }) {
  if (signal.aborted) return
  const setting = settingOf(settings)
  const { steps } = setting
  const pace = Number(settings['pace'])
  const target = targetOf(settings['target'])
  const potential = target.potential(backend)
  const extra = shade(backend, target, potential)
  const runners = samplerNames.map((name) => ({
    name,
    moves: track(backend, target, potential, setting, name),
    seen: [] as Tracked[],
  }))
  const start = startOf(setting)
  const frameAt = (step: number, readings: Frame['readings']): Frame => ({
    step,
    readings,
    extra,
    clouds: Object.fromEntries(
      runners.map(({ name, seen }) => [name, { points: Float32Array.from(seen.at(-1)?.points ?? start), dimension: 2 }]),
    ),
  })
  const every = Math.max(1, Math.ceil(steps / judgements))
  let readings: Frame['readings'] = {}
  try {
    yield frameAt(0, readings)
    for (let step = 1; step <= steps; step += 1) {
      if (signal.aborted) return
      for (const { moves, seen } of runners) {
        const next = moves.next()
        if (next.done !== true) seen.push(next.value)
      }
      if (step % every === 0 || step === steps)
        readings = Object.fromEntries(
          runners.flatMap(({ name, seen }) => Object.entries(readingsOf(backend, potential, name, seen))),
        )
      if (step % pace === 0 || step === steps) yield frameAt(step, readings)
    }
  } finally {
    for (const { moves } of runners) moves.return()
  }
}
