import { mongeError } from '@monge/errors'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// The characters that XML 1.0 allows (section 2.2); the others cannot be written in it at all, escaped or not.
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/** Text as XML content or as an attribute in double quotes. */
export const escapeXml = (text: string): string =>
  text.replace(forbidden, '\u{FFFD}').replace(/[&<>"]/g, (character) => entities[character] ?? character)

/** A number in at most two decimals: a hundredth of a pixel is not seen, and files stay small. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) throw mongeError('InvalidArgument', 'toSvg', `a mark has the number ${value}`)
  const scaled = Math.round(value * 100)
  // Adding 0 turns a negative zero into a plain one.
  return String((Number.isFinite(scaled) ? scaled / 100 : value) + 0)
}

/** The attributes that are there, in the order given. */
export const attributes = (pairs: readonly (readonly [string, string | undefined])[]): string =>
  pairs.map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXml(value)}"`)).join('')
