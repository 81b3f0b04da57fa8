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

/** A sampler on its way. */
interface Runner {
  readonly name: SamplerName
  readonly moves: Generator<Tracked, void>
  readonly seen: Tracked[]
}

/** What the chains of a sampler tell, in the second half of what they have drawn so far. */
const judged = ({ name, seen }: Runner): Frame['readings'] => {
  const later = seen.slice(Math.floor(seen.length / 2))
  // SVGD has no chains: its particles move together.
  if (name === 'SVGD' || later.length < 4) return {}
  const { acceptance, effective, rHat } = diagnose(later)
  return { ...(acceptance === undefined ? {} : { acceptance }), [`effective ${name}`]: effective, [`rHat ${name}`]: rHat }
}

const merged = (all: readonly Frame['readings'][]): Frame['readings'] => Object.fromEntries(all.flatMap(Object.entries))

export const run: Run = async function* (settings, { backend, signal }) {
  if (signal.aborted) return
  const setting = settingOf(settings)
  const { steps } = setting
  const pace = Number(settings['pace'])
  const target = targetOf(settings['target'])
  const potential = target.potential(backend)
  const extra = shade(backend, target, potential)
  const runners = samplerNames.map((name): Runner => ({ name, moves: track(backend, target, potential, setting, name), seen: [] }))
  const start = startOf(setting)
  const pointsOf = ({ seen }: Runner): Float32Array => Float32Array.from(seen.at(-1)?.points ?? start)
  const frameAt = (step: number, chains: Frame['readings']): Frame => ({
    step,
    extra,
    clouds: Object.fromEntries(runners.map((runner) => [runner.name, { points: pointsOf(runner), dimension: 2 }])),
    readings: {
      ...chains,
      ...merged(runners.map((runner) => ({ [`stein ${runner.name}`]: steinOf(backend, potential, pointsOf(runner)) }))),
    },
  })
  const every = Math.max(1, Math.ceil(steps / judgements))
  let chains: Frame['readings'] = {}
  try {
    yield frameAt(0, chains)
    for (let step = 1; step <= steps; step += 1) {
      if (signal.aborted) return
      for (const { moves, seen } of runners) {
        const next = moves.next()
        if (next.done !== true) seen.push(next.value)
      }
      if (step % every === 0 || step === steps) chains = merged(runners.map(judged))
      if (step % pace === 0 || step === steps) yield frameAt(step, chains)
    }
  } finally {
    for (const { moves } of runners) moves.return()
  }
}
