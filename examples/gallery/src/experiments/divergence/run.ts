import type { Backend } from '@monge/backend'
import { gradientFlow, run as flowOf } from '@monge/flows'
import type { Loss } from '@monge/losses'
import { disposeMeasure } from '@monge/measures'
import { sinkhornCost, sinkhornDivergence } from '@monge/sinkhorn'
import { cloudOfMeasure, measureOf } from '../../measures.js'
import { variantsOf } from './variants.js'
import type { Frame, Run } from '../../experiment.js'
import type { Variant } from './variants.js'

const lossOf =
  (backend: Backend) =>
  ({ p, blur, reach, debias }: Variant): Loss => {
    const options = { p, blur, ...(reach === undefined ? {} : { reach }) }
    return (debias ? sinkhornDivergence : sinkhornCost)(options)(backend)
  }

export const run: Run = async function* sideBySide(settings, { backend, signal }) {
  const count = Number(settings['points'])
  const seed = Number(settings['seed'])
  const step = Number(settings['step'])
  const steps = Number(settings['steps'])
  const mu = measureOf(backend, String(settings['from']), count, 2 * seed)
  const nu = measureOf(backend, String(settings['to']), count, 2 * seed + 1)
  const target = cloudOfMeasure(nu)
  const flows = variantsOf(settings).map((variant) =>
    flowOf(gradientFlow(lossOf(backend)(variant), { step }), mu, nu, { steps }),
  )
  try {
    for (let taken = 0; !signal.aborted; taken++) {
      const states = flows.flatMap((flow) => flow.next().value ?? [])
      if (states.length < flows.length) return
      const clouds = states.map(({ measure }, index) => [`flow${index}`, cloudOfMeasure(measure)] as const)
      const losses = states.map(({ value }, index) => [`loss${index}`, value] as const)
      yield {
        step: taken,
        clouds: { target, ...Object.fromEntries(clouds) },
        readings: { time: states[0]?.time ?? 0, ...Object.fromEntries(losses) },
      } satisfies Frame
    }
  } finally {
    for (const flow of flows) flow.return()
    disposeMeasure(mu)
    disposeMeasure(nu)
  }
}
