import fc from 'fast-check'

/** An option as a program's help tells of it. */
export interface ToldOption {
  readonly name: string
  /** What stands for its value in the help, `n` of `<n>`; without one, the option is a switch. */
  readonly value?: string
}

/** The options that a help text tells of. */
export const toldOptions = (help: string): readonly ToldOption[] =>
  Array.from(help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)(?: <([^>]+)>)?/gm), ([, name = '', value]) =>
    value === undefined ? { name } : { name, value },
  )

/** Values that look like something, and are not what an option wants; among them some that it may want after all. */
export const hostileValues: readonly string[] = [
  '',
  ' ',
  'many',
  'NaN',
  'Infinity',
  '-Infinity',
  '-1',
  '0',
  '1.5',
  '1e999',
  '-1e-320',
  '0x',
  '1_000',
  '１２',
  '1,2,,3',
  ',',
  '__proto__',
  'constructor',
  '/dev/null/none',
  '.',
  'two\nlines',
  'a'.repeat(5000),
  '\u0000',
  '🐛',
  '$(reboot)',
]

/** Words of a command line: options of the program and others, values good and bad, and anything at all. */
export const wordsArbitrary = (options: readonly ToldOption[]): fc.Arbitrary<readonly string[]> => {
  const names = fc.constantFrom(...options.map(({ name }) => name).filter((name) => name !== '--help'))
  const value = fc.oneof(
    fc.constantFrom(...hostileValues),
    fc.double().map(String),
    fc.integer().map(String),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  const word = fc.oneof(
    fc.tuple(names, value).map(([name, text]) => [name, text]),
    fc.tuple(names, value).map(([name, text]) => [`${name}=${text}`]),
    names.map((name) => [name]),
    // The start of an option's name, which some parsers would take for it.
    fc.tuple(names, fc.nat({ max: 20 })).map(([name, length]) => [name.slice(0, 3 + length)]),
    value.map((text) => [text]),
    fc.constantFrom(['--'], ['-'], ['---'], ['-x'], ['--no-seed']),
  )
  return fc.array(word, { maxLength: 5 }).map((words) => words.flat())
}
