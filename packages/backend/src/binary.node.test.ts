import { expect, test } from 'vitest'
import { compile } from '../build-wasm.mjs'
import { cornersModule } from './binary.js'

test('the module that is kept is what its source compiles to', async () => {
  expect(cornersModule).toBe(await compile())
})
