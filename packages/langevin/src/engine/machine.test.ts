import { expect, test } from 'vitest'
import { movesMachine } from './machine.js'

test('there is a machine to move chains by, one for all, wherever there is WebAssembly', () => {
  expect(movesMachine()).toBeDefined()
  expect(movesMachine()).toBe(movesMachine())
})
