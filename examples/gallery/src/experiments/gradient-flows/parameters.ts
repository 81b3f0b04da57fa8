import type { LossParameters } from '@monge-examples/gradient-flows/losses'
import type { Settings } from '../../experiment.js'

/** The reach at which its slider means that there is no limit. */
const unlimited = 2

/** The loss that is set: with those parameters that mean something to it. */
export const parametersOf = (settings: Settings): LossParameters => {
  const blur = Number(settings['blur'])
  const p = Number(settings['p'])
  const reach = Number(settings['reach'])
  switch (settings['loss']) {
    case 'energy':
      return { loss: 'energy' }
    case 'gaussian':
      return { loss: 'gaussian', blur }
    case 'laplacian':
      return { loss: 'laplacian', blur }
    case 'hausdorff':
      return { loss: 'hausdorff', p, blur }
    default:
      return { loss: 'sinkhorn', p, blur, ...(reach < unlimited ? { reach } : {}) }
  }
}
