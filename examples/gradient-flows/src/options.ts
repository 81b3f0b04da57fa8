import { resolve } from 'node:path'
import {
  isMongeError,
  mongeError,
  requireBetween,
  requireFinite,
  requireInteger,
  requireOneOf,
  requirePositive,
} from '@monge/errors'
import { Command, CommanderError } from 'commander'
import { lossNames, lossOf, published } from './losses.js'
import type { LossParameters } from './losses.js'

/** The words that `--backend` takes. */
export const backendNames = ['simd', 'reference', 'cpu', 'wasm'] as const
export type BackendName = (typeof backendNames)[number]

/** What a run is told. Paths are absolute. */
export interface Options {
  readonly source?: string
  readonly target?: string
  readonly points: number
  readonly losses: readonly LossParameters[]
  readonly backend?: BackendName
  readonly seed: number
  readonly step: number
  readonly times: readonly number[]
  readonly out: string
}

/** What the command line asks for: a run, or only words. */
export type Request =
  { readonly kind: 'run'; readonly options: Options } | { readonly kind: 'help'; readonly text: string }

type Check = (where: string, value: number) => number

const numberOf =
  (where: string, check: Check) =>
  (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text)
    if (Number.isNaN(value)) throw mongeError('InvalidOption', where, `expected a number, got "${text}"`)
    return check(where, value)
  }

const atLeastZero = requireBetween(0, 1e6)

const timesOf = (text: string): readonly number[] => text.split(',').map(numberOf('--times', atLeastZero))

const below1 = (where: string, value: number): number => {
  if (!(value > 0 && value < 1))
    throw mongeError('InvalidOption', where, `expected a number between 0 and 1, got ${value}`)
  return value
}

// More would take hours, and none could be seen.
const requirePoints: Check = (where, value) => requireBetween(1, 20_000)(where, requireInteger(1)(where, value))

const examples = `
Examples:
  $ npm start
  $ npm start -- --source a.png --target b.png --points 500
  $ npm start -- --loss sinkhorn --p 2 --blur 0.01 --backend wasm --seed 3 --out pictures

Writes report.html, a PNG for each loss and one of all, and the numbers as JSON.`

const command = (): Command =>
  new Command('gradient-flows')
    .description(
      'A cloud of points flows onto another down the gradient of a loss, for nine losses: GeomLoss’s 2D example.',
    )
    .option('--source <png>', 'picture to flow from, dark on white (default: a handwritten 0)')
    .option('--target <png>', 'picture to flow onto, dark on white (default: a handwritten 2)')
    .option('--points <n>', 'points sampled from each picture', numberOf('--points', requirePoints), 120)
    .option('--loss <name>', `one loss instead of nine: ${lossNames.join(', ')}`, (text) =>
      requireOneOf(lossNames)('--loss', text),
    )
    .option('--p <p>', 'exponent of the cost: 1 or 2 (with --loss)', numberOf('--p', requireBetween(1, 2)))
    .option('--blur <length>', 'length that the loss blurs by (with --loss)', numberOf('--blur', requirePositive))
    .option(
      '--reach <length>',
      'length beyond which mass is not transported (with --loss)',
      numberOf('--reach', requirePositive),
    )
    .option(
      '--scaling <ratio>',
      'ratio of successive blurs as Sinkhorn iterates, between 0 and 1 (with --loss)',
      numberOf('--scaling', below1),
    )
    .option('--backend <name>', `what computes: ${backendNames.join(', ')} (default: what suits the machine)`, (text) =>
      requireOneOf(backendNames)('--backend', text),
    )
    .option('--seed <n>', 'seed of the sampling', numberOf('--seed', requireFinite), 0)
    .option('--step <dt>', 'time step', numberOf('--step', requirePositive), 0.05)
    .option(
      '--times <list>',
      'times to show, with commas between, each rounded to a step',
      timesOf,
      timesOf('0,0.25,0.5,1,2,5'),
    )
    .option('--out <dir>', 'directory to write to', 'out')
    .helpOption('-h, --help', 'say all this')
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })

interface Parsed extends Partial<Omit<LossParameters, 'loss'>> {
  readonly source?: string
  readonly target?: string
  readonly points: number
  readonly loss?: LossParameters['loss']
  readonly backend?: BackendName
  readonly seed: number
  readonly step: number
  readonly times: readonly number[]
  readonly out: string
}

const lossesOf = ({ loss, p, blur, reach, scaling }: Parsed): readonly LossParameters[] => {
  const given = {
    ...(p === undefined ? {} : { p }),
    ...(blur === undefined ? {} : { blur }),
    ...(reach === undefined ? {} : { reach }),
    ...(scaling === undefined ? {} : { scaling }),
  }
  if (loss !== undefined) return [lossOf({ loss, ...given })]
  const [idle] = Object.keys(given)
  if (idle !== undefined) throw mongeError('InvalidOption', `--${idle}`, 'is for one loss: name it with --loss')
  return published
}

// The user's own directory, where npm or pnpm started from; they change to the package's before they run it.
const fromThere =
  (directory: string) =>
  (path: string): string =>
    resolve(directory, path)

const oneLine = (text: string): string =>
  text
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim()

/**
 * Reads the command line.
 *
 * @param words what follows the program's name
 * @param directory what relative paths start from
 * @throws InvalidOption for what cannot be understood
 */
export const readOptions = (words: readonly string[], directory: string): Request => {
  const program = command()
  try {
    // npm and pnpm may hand on the "--" that ends their own options.
    program.parse(words[0] === '--' ? words.slice(1) : words, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.helpDisplayed')
      return { kind: 'help', text: `${program.helpInformation()}${examples}\n` }
    if (isMongeError(error)) throw error
    const [stray] = program.args
    const what =
      error instanceof CommanderError && error.code === 'commander.excessArguments' && stray !== undefined
        ? `expected options only, got "${stray}"`
        : oneLine(error instanceof Error ? error.message : String(error))
    throw mongeError('InvalidOption', 'gradient-flows', what, error)
  }
  const parsed = program.opts<Parsed>()
  const path = fromThere(directory)
  const { source, target, backend, points, seed, step } = parsed
  const iterations = [...new Set(parsed.times.map((time) => Math.round(time / step)))].toSorted((a, b) => a - b)
  requireBetween(0, 100_000)('--times: steps to the last', iterations.at(-1) ?? 0)
  return {
    kind: 'run',
    options: {
      ...(source === undefined ? {} : { source: path(source) }),
      ...(target === undefined ? {} : { target: path(target) }),
      ...(backend === undefined ? {} : { backend }),
      points,
      seed,
      step,
      losses: lossesOf(parsed),
      times: iterations.map((iteration) => Number((iteration * step).toPrecision(12))),
      out: path(parsed.out),
    },
  }
}
