import { mongeError } from '@monge/errors'

/** Which figures to read: one, or all of them. */
export type Figure = number | 'all'

/**
 * A figure from the words of a user.
 *
 * @param where what the words were for, in errors
 * @throws InvalidOption for anything but 0 to 9 and `all`
 */
export const readFigure = (where: string, text: string): Figure => {
  if (text === 'all') return text
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= 9) return value
  const got = Number.isNaN(value) ? `"${text}"` : text.trim()
  throw mongeError('InvalidOption', where, `expected a whole number from 0 to 9, or all, got ${got}`)
}
