import { dispose, findBackend } from '@tensorflow/tfjs-core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { expect, test } from 'vitest'
import { backends, losses, measures, sinkhorn } from './index.js'

/** How often `body` fetches numbers from the GPU. */
const downloads = (body: () => void): number => {
  const context = (findBackend('webgl') as MathBackendWebGL).getGPGPUContext()
  const download = context.downloadMatrixFromPackedTexture
  let count = 0
  context.downloadMatrixFromPackedTexture = (...rest) => {
    count += 1
    return download.apply(context, rest)
  }
  try {
    body()
  } finally {
    context.downloadMatrixFromPackedTexture = download
  }
  return count
}

test('a divergence on a fixed schedule, and its gradient, read nothing from the GPU', async () => {
  const backend = await backends.webgl()
  const rows = (n: number): number[][] => Array.from({ length: n }, (_, i) => [Math.sin(i), Math.cos(i * i)])
  const [mu, nu] = [rows(30), rows(41)].map((points) =>
    measures.measureOrThrow(measures.fromArrays(points, undefined, backend)),
  ) as [measures.Measure, measures.Measure]
  const loss = sinkhorn.sinkhornDivergence({ p: 2, blur: 0.1 })(backend)
  expect(downloads(() => dispose({ ...losses.valueAndGradient(loss)(mu, nu) } as never))).toBe(0)
  // And it would be seen if it did.
  expect(downloads(() => losses.toNumber(loss)(mu, nu))).toBe(1)
  measures.disposeMeasure(mu)
  measures.disposeMeasure(nu)
})
