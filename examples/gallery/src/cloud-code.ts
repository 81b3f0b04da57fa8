/*
 * Drawn points as text, for settings and addresses: base64 of 16-bit numbers, x and y in turn, of the unit square.
 */

const prefix = 'points:'
const most = 65535

/** Whether a cloud's value holds points, rather than the name of a preset. */
export const holdsPoints = (value: string): boolean => value.startsWith(prefix)

/** `[n, 2]` in the unit square as text; what lies outside is moved to its edge. */
export const encodePoints = (points: ArrayLike<number>): string => {
  const bytes = new Uint8Array(2 * points.length)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < points.length; index += 1)
    view.setUint16(2 * index, Math.round(Math.min(1, Math.max(0, points[index] ?? 0)) * most), true)
  let characters = ''
  for (const byte of bytes) characters += String.fromCharCode(byte)
  return `${prefix}${btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`
}

/** The points of such a text, `[n, 2]`; none if it is no such text. */
export const decodePoints = (value: string): Float32Array => {
  if (!holdsPoints(value)) return new Float32Array(0)
  let characters
  try {
    characters = atob(value.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return new Float32Array(0)
  }
  const view = new DataView(Uint8Array.from(characters, (character) => character.charCodeAt(0)).buffer)
  const pairs = Math.floor(view.byteLength / 4)
  return Float32Array.from({ length: 2 * pairs }, (_, index) => view.getUint16(2 * index, true) / most)
}
