import { tensorFrom } from '@monge/backend'
import { key } from '@monge/random'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../../tooling/testing/src/index.ts'
import { perceptronEnergy } from './index.js'

eachBackend('the energy of a perceptron', (backend) => {
  test.each([0.5, 1, 3])('starts as that of a normal law of deviation %s', (deviation) => {
    const network = perceptronEnergy({ dimension: 2, width: 5, deviation })
    const made = backend().within(() => {
      const params = network.init(key(1))
      const points = tensorFrom<Tensor2D>([0, 0, 1, 2, -3, 4], [3, 2])
      return { params, points, energy: network.apply(params, points) }
    })
    const found = made.energy.dataSync()
    ;[0, 5, 25].forEach((square, i) => expect(found[i]).toBeCloseTo(square / (2 * deviation ** 2), 4))
    dispose(made as never)
  })
})
