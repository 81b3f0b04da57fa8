const longest = 300

const escapeOf = (character: string): string =>
  character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * A message as one line for a terminal: control characters (line ends and escape sequences among them, which a user's
 * own words may bring in) as escapes, and what is too long cut short in its middle.
 */
export const oneLine = (text: string): string => {
  const line = text.trim().replaceAll(/[\p{Cc}\u2028\u2029]/gu, escapeOf)
  // Two thirds of the start and one of the end keep both the option and the expectation in sight.
  return line.length <= longest ? line : `${line.slice(0, (2 * longest) / 3)} … ${line.slice(-longest / 3)}`
}
