import { resolve } from 'node:path'
import { isMongeError, mongeError } from '@monge/errors'
import { Command, CommanderError } from 'commander'
import { prepare } from './directory.js'
import { oneLine } from './one-line.js'

/** An option of a story, `--name <value>`. */
export interface StoryOption {
  /** As commander writes it: `--points <n>`. */
  readonly flags: string
  readonly help: string
  /** Turns the word into what it means, or throws a typed error. Left out, the word is kept. */
  readonly read?: (text: string) => unknown
  readonly fallback?: unknown
}

/** A story: what it is, its options, and what it does with them. */
export interface Story {
  readonly name: string
  readonly description: string
  readonly options: readonly StoryOption[]
  readonly tell: (options: Readonly<Record<string, unknown>>, out: string) => Promise<void>
}

/** The path of a file that the user names, from where the user stood (npm and pnpm change to the package first). */
export const fromUser = (path: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), path)

const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

/** Reads an option that is a number, and checks it. */
export const numberOf =
  (where: string, check: (where: string, value: number) => number) =>
  (text: string): number => {
    const value = numberIn(text)
    if (Number.isNaN(value)) throw mongeError('InvalidOption', where, `expected a number, got "${text}"`)
    return check(where, value)
  }

/** Reads an option that is a whole number from `low` to `high`. What it refuses, it says as it was typed. */
export const wholeOf =
  (where: string, low: number, high: number) =>
  (text: string): number => {
    const value = numberIn(text)
    if (Number.isSafeInteger(value) && value >= low && value <= high) return value
    const got = Number.isNaN(value) ? `"${text}"` : text.trim()
    throw mongeError('InvalidOption', where, `expected a whole number from ${low} to ${high}, got ${got}`)
  }

const commandOf = ({ name, description, options }: Story): Command => {
  const command = new Command(name)
    .description(description)
    .helpOption('-h, --help', 'say all this')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  for (const { flags, help, read = (text: string) => text, fallback } of options)
    command.option<unknown>(flags, help, (text) => read(text), fallback)
  return command.option('--out <dir>', 'directory to write to', 'out')
}

// Commander begins with a word of its own, and adds a guess at what was meant in a line of its own.
const fromCommander = (text: string): string => text.replace(/^error: /, '').replace(/\n(?=\(Did you mean)/, ' ')

/** Runs a story from the command line; the exit code is 0, or 2 with one line for what cannot be used. */
export const runStory = async (story: Story, words: readonly string[]): Promise<number> => {
  const command = commandOf(story)
  try {
    command.parse(words[0] === '--' ? words.slice(1) : words, { from: 'user' })
    const { out = 'out', ...options } = command.opts<Readonly<Record<string, unknown>>>()
    const directory = fromUser(String(out))
    prepare(directory)
    await story.tell(options, directory)
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.helpDisplayed') {
        process.stdout.write(command.helpInformation())
        return 0
      }
      process.stderr.write(`${story.name}: ${oneLine(fromCommander(error.message))}\n`)
      return 2
    }
    if (!isMongeError(error)) throw error
    process.stderr.write(`${oneLine(error.message)}\n`)
    return 2
  }
}
