import { expect, test } from 'vitest'
import { compile } from '../../build-wasm.mjs'
import { simplexModule } from './binary.js'

test('the module that is kept is what its source compiles to', async () => {
  expect(simplexModule).toBe(await compile())
})
