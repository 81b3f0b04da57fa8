import type { Backend } from '@monge/backend'
import { toNumber } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { sinkhornDivergence } from '@monge/sinkhorn'
import { size } from '@monge-tooling/handwriting'
import type { Pictures } from '@monge-tooling/handwriting'

const within = (picture: ArrayLike<number>): Float64Array =>
  Float64Array.from(picture, (ink) => (Math.max(-1, Math.min(1, ink)) + 1) / 2)

/** The Sinkhorn divergence (p = 2, blur 0.5) between sets of pictures with ink from 0 to 1, as points of 784 dimensions. */
export const divergence =
  (backend: Backend) =>
  (pictures: Pictures, others: Pictures): number => {
    const [mu, nu] = [pictures, others].map((set) => measureOrThrow(fromArrays(set.map(within), undefined, backend)))
    if (mu === undefined || nu === undefined) return Number.NaN
    const value = toNumber(sinkhornDivergence({ p: 2, blur: 0.5 })(backend))(mu, nu)
    disposeMeasure(mu)
    disposeMeasure(nu)
    return value
  }

/** The mean distance from a picture to the nearest of others, ink from 0 to 1: zero of what is known by heart. */
export const nearest = (pictures: Pictures, others: Pictures): number => {
  const known = others.map(within)
  const distances = pictures.map((picture) => {
    const own = within(picture)
    return known.reduce((closest, other) => {
      let squares = 0
      for (let pixel = 0; pixel < size && squares < closest; pixel++) squares += ((own[pixel] ?? 0) - (other[pixel] ?? 0)) ** 2
      return Math.min(closest, squares)
    }, Infinity)
  })
  return distances.reduce((sum, squares) => sum + Math.sqrt(squares), 0) / distances.length
}
