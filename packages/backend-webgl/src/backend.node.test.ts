import { isMongeError } from '@monge/errors'
import { expect, test } from 'vitest'
import { webglBackend } from './index.js'
import type { WebglOptions } from './index.js'

test.each([
  [{}, /BackendUnavailable webglBackend: there is no WebGL here/],
  [{ pairsPerDraw: 0 }, /InvalidOption.*pairsPerDraw.*0/],
  [{ memoryBudget: -1 }, /InvalidOption|BackendUnavailable/],
  [{ pairs: 1 }, /InvalidOption.*unknown option "pairs"/],
])('with options %o it is refused in Node', async (options, message) => {
  const fault = await webglBackend(options as WebglOptions).then(
    () => 'none',
    (error: unknown) => (isMongeError(error) ? `${error.tag} ${error.message}` : String(error)),
  )
  expect(fault).toMatch(message)
})
