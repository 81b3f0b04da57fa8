import { backend, engine } from '@tensorflow/tfjs-core'
import { tfjsPlace } from '@monge/backend'
import type { Tensor } from '@tensorflow/tfjs-core'

/*
 * tfjs moves a tensor to whichever backend is current when it is next used, for good, and rounds it to that backend's
 * precision. A measure must not change under its holder's hands, so its algebra runs where its tensors live.
 */

const backendOf = (tensor: Tensor): unknown => engine().state.tensorInfo.get(tensor.dataId)?.backend

/** Whether tfjs's current backend holds the tensor. */
export const livesHere = (tensor: Tensor): boolean => backendOf(tensor) === backend()

/** Runs a synchronous computation on the backend that holds the tensor. */
export const atHomeOf = <A>(tensor: Tensor, body: () => A): A => {
  if (livesHere(tensor)) return body()
  const home = backendOf(tensor)
  const name = Object.entries(engine().registry).find(([, candidate]) => candidate === home)?.[0]
  // The precision of a place is for its reader; `within` goes by the name alone.
  return name === undefined ? body() : tfjsPlace(name, 'float32').within(body)
}
