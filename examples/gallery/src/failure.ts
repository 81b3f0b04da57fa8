import { isMongeError } from '@monge/errors'
import type { Failure } from './messages.js'

/** An error as the visitor is told of it: a MongeError's message says where and what. */
export const failureOf = (error: unknown): Failure =>
  isMongeError(error)
    ? { tag: error.tag, message: error.message }
    : { tag: error instanceof Error ? error.name : 'Error', message: error instanceof Error ? error.message : String(error) }
