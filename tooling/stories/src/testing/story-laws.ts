import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostileValues, toldOptions, wordsArbitrary } from './hostile.js'
import type { ToldOption } from './hostile.js'
import { malformedPictures } from './malformed-pictures.js'
import type { Outcome, StoryRunner } from './story-runner.js'

/** What a story refuses in words of its own: a command line, and the line that it answers, whole or in part. */
export type Refusal = readonly [words: readonly string[], line: string | RegExp]

/** How a story is put to the test. */
export interface StoryLawOptions {
  readonly refuses?: readonly Refusal[]
  /** How many command lines are made up; 100 by default. */
  readonly runs?: number
  /** The seed of what is made up. */
  readonly seed?: number
}

/**
 * What holds of every story's command line, as tests: it tells of its options; whatever it cannot use, it refuses by
 * one line that is not a stack of calls, with exit code 2, before it writes anything.
 *
 * @example
 * const story = storyRunner(new URL('../dist/main.js', import.meta.url))
 * storyLaws(story, { refuses: [[['--points', '0'], '--points: expected a number from 1 to 2000, got 0']] })
 */
export const storyLaws = (story: StoryRunner, { refuses = [], runs = 100, seed = 1781 }: StoryLawOptions = {}): void => {
  describe('the command line', () => {
    let told: readonly ToldOption[] | undefined
    const options = (): readonly ToldOption[] => (told ??= toldOptions(story.run('--help').stdout))
    // Nothing can be written below a file, so that no command line, however lucky, starts the story's work.
    const nowhere = () => ['--out', join(story.program, 'out')]

    test('tells of its options', () => {
      const { status, stdout, stderr } = story.run('--help')
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^Usage: /)
      expect(options().map(({ name }) => name)).toEqual(expect.arrayContaining(['--out', '--help']))
    })

    test('refuses in one line whatever it cannot use', () => {
      const made = fc.sample(wordsArbitrary(options()), { numRuns: runs, seed })
      expectRefusals(story, made.map((words) => [...words, ...nowhere()]))
    })

    test('refuses values that no option wants', () => {
      const lines = options()
        .filter(({ value, name }) => value !== undefined && name !== '--out')
        .flatMap(({ name }) => hostileValues.map((value) => [name, value, ...nowhere()]))
      expectRefusals(story, [...lines, ...hostileValues.map((value) => ['--out', join(story.program, value, 'out')])])
    })

    test('refuses options that it does not know, missing values, and words that are no options', () => {
      const lines = options().flatMap(({ name, value }) => [
        [`${name}s`, '1', ...nowhere()],
        ...(value === undefined || name === '--out' ? [] : [[...nowhere(), name]]),
      ])
      expectRefusals(story, [...lines, ['word', ...nowhere()], ['-q', ...nowhere()], ['--out']])
    })

    test('refuses pictures that are none', () => {
      const pictures = options().filter(({ value }) => value === 'png')
      const lines = pictures.flatMap(({ name }) => [
        ...malformedPictures.map(([title, content]) => [name, story.write(`${title}.png`, content)]),
        [name, 'missing.png'],
        [name, '.'],
        // What never ends, what cannot be read, and what lies within a file.
        ...['/dev/zero', '/proc/self/mem', `${story.program}/within.png`].map((path) => [name, path]),
      ])
      expectRefusals(story, lines.map((words) => [...words, '--out', 'pictures']), ['pictures'])
    })

    test.each(refuses.length > 0 ? [{ refuses }] : [])('refuses what it says it does, in the words that it says', () => {
      const outcomes = story.runAll(refuses.map(([words]) => words))
      for (const [index, [words, line]] of refuses.entries()) {
        const outcome = outcomes[index]
        const title = words.join(' ')
        expect(outcome?.stderr, title).toMatch(line)
        expect(faultOf(outcome), title).toBeUndefined()
      }
    })
  })
}

/** Runs them all, and fails on the shortest that is not refused as it should be. */
const expectRefusals = (story: StoryRunner, lines: readonly (readonly string[])[], mayMake: readonly string[] = []): void => {
  const before = story.files()
  const outcomes = lines.length === 0 ? [] : story.runAll(lines)
  const faults = lines
    .map((words, index) => ({ words, outcome: outcomes[index], fault: faultOf(outcomes[index]) }))
    .filter(({ fault }) => fault !== undefined)
    .toSorted((one, other) => one.words.join(' ').length - other.words.join(' ').length)
  expect(faults[0], `${faults.length} of ${lines.length} command lines`).toBeUndefined()
  expect(story.files().filter((file) => !mayMake.includes(file))).toEqual(before)
}

/** What is wrong with how a command line was refused, if anything is. */
const faultOf = (outcome: Outcome | undefined): string | undefined => {
  if (outcome === undefined) return 'it was not run'
  const { status, stdout, stderr } = outcome
  if (status !== 2) return `exit code ${status}`
  if (stdout !== '') return 'it writes to the output'
  if (!/^[^\n]+\n$/.test(stderr)) return 'its refusal is not one line'
  if (stderr.length > 400) return `its refusal is ${stderr.length} letters long`
  return /\n\s+at |undefined|\[object |node:internal|TypeError|RangeError/.test(stderr) ? 'its refusal is not for people' : undefined
}
