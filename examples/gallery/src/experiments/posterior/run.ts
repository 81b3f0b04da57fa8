import { acceptanceOf, discrepancyOf, predict } from '@monge-examples/posterior/chains'
import { irises } from '@monge-examples/posterior/irises'
import { laplace } from '@monge-examples/posterior/laplace'
import { chanceOf, plans, samplerNames, startOf } from '@monge-examples/posterior/plans'
import type { Effort, Look } from '@monge-examples/posterior/plans'
import { across, laplaceEstimate, up } from '@monge-examples/posterior/show'
import { requireOneOf } from '@monge/errors'
import { logisticRegression, run as runChains, summary } from '@monge/langevin'
import type { Draws } from '@monge/langevin'
import { disposeMeasure, toTyped } from '@monge/measures'
import type { Cloud, Frame, Run } from '../../experiment.js'
import type { Extra } from './extra.js'

// What takes longer than the draws between two pictures is worked out this often in a run.
const judgements = 10

/** A cloud for each chain, of the two coefficients that are drawn. */
const cloudsOf = ({ values, draws, chains, dimension }: Draws): Readonly<Record<string, Cloud>> =>
  Object.fromEntries(
    Array.from({ length: chains }, (_, chain) => [
      `chain ${chain + 1}`,
      {
        dimension: 2,
        points: Float32Array.from({ length: 2 * draws }, (__, entry) => {
          const row = Math.floor(entry / 2) * chains + chain
          return values[row * dimension + (entry % 2 === 0 ? across : up)] ?? Number.NaN
        }),
      },
    ]),
  )

export const run: Run = async function* (settings, { backend, signal }) {
  if (signal.aborted) return
  const effort: Effort = {
    chains: Number(settings['chains']),
    draws: Number(settings['draws']),
    seed: Number(settings['seed']),
  }
  const name = requireOneOf(samplerNames)('sampler', settings['sampler'])
  const pace = Number(settings['pace'])
  const priorVariance = Number(settings['prior']) ** 2
  const { learn, heldOut } = irises()
  const posterior = logisticRegression({ ...learn, priorVariance })(backend)
  const around = laplace(posterior, learn, priorVariance)
  const dimension = around.mode.length
  const plan = plans(posterior, around, effort.draws)[name]()
  const start = startOf(backend, around, effort)
  const { chains } = effort
  const values = new Float64Array(effort.draws * chains * dimension)
  const seen: Look[] = []
  let judged: Frame['readings'] = {}

  const frameAt = (step: number, draws: Draws): Frame => {
    const coefficients = draws.draws < 4 ? undefined : summary()(draws)
    const extra: Extra = {
      laplace: around,
      estimates: [laplaceEstimate(around), ...(coefficients === undefined ? [] : [{ name, coefficients }])],
    }
    const petal = coefficients?.[across]
    const told =
      coefficients === undefined || petal === undefined
        ? {}
        : {
            rHat: Math.max(...coefficients.map(({ rHat }) => rHat)),
            bulkEss: Math.min(...coefficients.map(({ bulkEss }) => bulkEss)),
            tailEss: Math.min(...coefficients.map(({ tailEss }) => tailEss)),
            petalMean: petal.mean,
            petalLow: petal.interval[0],
            petalHigh: petal.interval[1],
            step: seen.at(-1)?.step ?? Number.NaN,
          }
    return { step, clouds: cloudsOf(draws), readings: { ...told, ...acceptanceOf(seen), ...judged }, extra }
  }

  try {
    yield frameAt(0, { values: Float64Array.from(toTyped(start).points), draws: 1, chains, dimension })
    const { burnIn, thin, look, sampler } = plan
    const every = Math.max(1, Math.ceil(effort.draws / judgements))
    for (const { state, info } of runChains(sampler, chanceOf(effort), start, { steps: burnIn + effort.draws * thin, burnIn, thin })) {
      if (signal.aborted) return
      values.set(toTyped(state.measure).points, seen.length * chains * dimension)
      seen.push(look(info))
      const count = seen.length
      const draws: Draws = { values: values.subarray(0, count * chains * dimension), draws: count, chains, dimension }
      if (count % every === 0 || count === effort.draws) {
        const { accuracy, logScore } = predict(draws, heldOut)
        judged = { stein: discrepancyOf(backend, posterior, around, draws), accuracy, logScore }
      }
      if (count % pace === 0 || count === effort.draws) yield frameAt(count, draws)
    }
  } finally {
    disposeMeasure(start)
  }
}
