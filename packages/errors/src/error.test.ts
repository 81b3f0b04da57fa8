import { describe, expect, test } from 'vitest'
import { isMongeError, mongeError } from './error.js'

describe('mongeError', () => {
  test('is an error that says what and where', () => {
    const error = mongeError('InvalidArgument', 'gaussian: blur', 'expected a number above 0, got -1')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'MongeError', tag: 'InvalidArgument', where: 'gaussian: blur' })
    expect(error.message).toBe('gaussian: blur: expected a number above 0, got -1')
  })

  test('keeps its cause, if it has one', () => {
    const cause = new Error('no device')
    expect(mongeError('BackendUnavailable', 'backend', 'does not start', cause).cause).toBe(cause)
    expect('cause' in mongeError('Aborted', 'run', 'stopped')).toBe(false)
  })
})

describe('isMongeError', () => {
  test('tells ours from others', () => {
    expect(isMongeError(mongeError('Diverged', 'solve', 'not finite'))).toBe(true)
    expect(isMongeError(new Error('plain'))).toBe(false)
    expect(isMongeError({ name: 'MongeError', tag: 'Diverged', where: 'solve' })).toBe(false)
    expect(isMongeError(undefined)).toBe(false)
  })
})
