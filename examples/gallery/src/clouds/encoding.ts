/*
 * A cloud of the unit square as text for addresses: `points:` and, in the URL's base64, each coordinate as a whole
 * number of 16 bits, x before y, low byte first.
 *
 * Laws: `decodePoints(encodePoints(points))` is within 1/131070 of the points, clamped to the square;
 * `encodePoints(decodePoints(value))` is the value, where it is one that `encodePoints` gave.
 */

const prefix = 'points:'

const finest = 65535

/** More points than this are not written: addresses must stay short enough to be sent. */
export const mostPoints = 2000

export const isPoints = (value: string): boolean => value.startsWith(prefix)

/** @param points `[n, 2]`, row by row; of what is not finite nothing sensible comes, and nothing is thrown */
export const encodePoints = (points: ArrayLike<number>): string => {
  const bytes = new DataView(new ArrayBuffer(2 * points.length))
  for (let index = 0; index < points.length; index++)
    bytes.setUint16(2 * index, Math.round(Math.min(1, Math.max(0, points[index] ?? 0)) * finest), true)
  const letters = Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join('')
  return prefix + btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The points `[n, 2]`, or undefined for what is not the text of one to `mostPoints` points. */
export const decodePoints = (value: string): Float32Array | undefined => {
  if (!isPoints(value)) return undefined
  const text = value.slice(prefix.length)
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return undefined
  const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  if (letters.length % 4 !== 0 || letters.length > 4 * mostPoints) return undefined
  const bytes = new DataView(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)).buffer)
  return Float32Array.from({ length: letters.length / 2 }, (_, index) => bytes.getUint16(2 * index, true) / finest)
}
