/** Red, green, blue and opacity, each from 0 to 255. */
export type Rgba = readonly [number, number, number, number]

const doubled = (digits: string): string => [...digits].map((digit) => digit + digit).join('')

const hexadecimal = (digits: string): Rgba => {
  const long = digits.length < 6 ? doubled(digits) : digits
  const channel = (index: number): number => Number.parseInt(long.slice(2 * index, 2 * index + 2), 16)
  return [channel(0), channel(1), channel(2), long.length === 8 ? channel(3) : 255]
}

const functional = (body: string): Rgba => {
  const [red = 0, green = 0, blue = 0, alpha = 1] = body.split(/[\s,/]+/).map(Number)
  return [red, green, blue, Math.round(255 * alpha)]
}

const parsed = (colour: string): Rgba | undefined => {
  const hex = /^#([\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.exec(colour)
  if (hex?.[1] !== undefined) return hexadecimal(hex[1])
  const numbers = /^rgba?\(([\d\s.,/]+)\)$/.exec(colour)
  return numbers?.[1] === undefined ? undefined : functional(numbers[1])
}

// A canvas knows the names of all colours, and says what it knows in one of the forms above.
const asked = (colour: string): Rgba => {
  const context =
    typeof OffscreenCanvas === 'undefined'
      ? document.createElement('canvas').getContext('2d')
      : new OffscreenCanvas(1, 1).getContext('2d')
  if (context === null || colour === 'none') return [0, 0, 0, 0]
  context.fillStyle = colour
  return parsed(context.fillStyle) ?? [0, 0, 0, 255]
}

const known = new Map<string, Rgba>()
const most = 4096

/** A CSS colour as numbers. */
export const rgbaOf = (colour: string): Rgba => {
  const before = known.get(colour)
  if (before !== undefined) return before
  if (known.size >= most) known.clear()
  const found = parsed(colour) ?? asked(colour)
  known.set(colour, found)
  return found
}
