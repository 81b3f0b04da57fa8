import { mongeError, requireOneOf } from '@monge/errors'
import type { Form } from './term.js'

/** What every sliced loss takes. */
export interface Order {
  /** At least 1; 2 if not given. */
  readonly p?: number
  /** The mean of `W_p^p`, or its p-th root (if not given). */
  readonly form?: Form
}

const requireForm = requireOneOf(['root', 'power'])

/** The checked order and form. */
export const readOrder = (where: string, { p = 2, form = 'root' }: Order): { readonly p: number; readonly form: Form } => {
  if (!(Number.isFinite(p) && p >= 1))
    throw mongeError('InvalidOption', `${where}: p`, `expected a number of at least 1, got ${p}`)
  return { p, form: requireForm(`${where}: form`, form) }
}
