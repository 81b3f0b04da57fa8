import { env } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { webglBackend } from './index.js'

// A page of its own, in which WebGL has not started: from then on what it computes with is settled.
test('refuses a device that computes in 16 bits, and says so', async () => {
  await import('@tensorflow/tfjs-backend-webgl')
  env().set('WEBGL_FORCE_F16_TEXTURES', true)
  await expect(webglBackend()).rejects.toMatchObject({
    tag: 'BackendUnavailable',
    message: expect.stringContaining('16-bit') as string,
  })
})
