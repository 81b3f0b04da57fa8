import type { Backend } from '@monge/backend'
import { gradientFlow, run as flowOf } from '@monge/flows'
import { energy, gaussian, kernelNorm, laplacian } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { disposeMeasure } from '@monge/measures'
import { hausdorffDivergence, sinkhornDivergence } from '@monge/sinkhorn'
import type { LossParameters } from '@monge-examples/gradient-flows/losses'
import { cloudOfMeasure, measureOf } from '../../measures.js'
import { parametersOf } from './parameters.js'
import type { Run } from '../../experiment.js'

const lossOf = ({ loss, blur = 0.05, ...transport }: LossParameters): ((backend: Backend) => Loss) => {
  switch (loss) {
    case 'energy':
      return kernelNorm(energy())
    case 'gaussian':
      return kernelNorm(gaussian(blur))
    case 'laplacian':
      return kernelNorm(laplacian(blur))
    case 'hausdorff':
      return hausdorffDivergence({ blur, ...transport })
    case 'sinkhorn':
      return sinkhornDivergence({ blur, ...transport })
  }
}

export const run: Run = async function* flows(settings, { backend, signal }) {
  const count = Number(settings['points'])
  const seed = Number(settings['seed'])
  const steps = Number(settings['steps'])
  const flow = gradientFlow(lossOf(parametersOf(settings))(backend), { step: Number(settings['step']) })
  // Two keys, so that the same shape twice is not the same cloud.
  const mu = measureOf(backend, String(settings['from']), count, 2 * seed)
  const nu = measureOf(backend, String(settings['to']), count, 2 * seed + 1)
  const target = cloudOfMeasure(nu)
  try {
    for (const { iteration, time, measure, value, velocity } of flowOf(flow, mu, nu, { steps })) {
      if (signal.aborted) return
      yield {
        step: iteration,
        clouds: { flow: cloudOfMeasure(measure), target },
        readings: { time, loss: value },
        extra: { velocities: Float32Array.from(velocity.dataSync()) },
      }
    }
  } finally {
    disposeMeasure(mu)
    disposeMeasure(nu)
  }
}
