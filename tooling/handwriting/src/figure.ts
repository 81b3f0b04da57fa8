import { requireBetween, requireInteger } from '@monge/errors'

/** Which figures to read: one, or all of them. */
export type Figure = number | 'all'

/**
 * A figure from the words of a user.
 *
 * @param where what the words were for, in errors
 * @throws InvalidOption for anything but 0 to 9 and `all`
 */
export const readFigure = (where: string, text: string): Figure =>
  text === 'all'
    ? 'all'
    : requireBetween(0, 9)(where, requireInteger(0)(where, text.trim() === '' ? Number.NaN : Number(text)))
