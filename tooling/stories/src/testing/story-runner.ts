import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

/** What a run of a program came to. */
export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A story's program, run in a directory of its own that is gone after the suite. */
export interface StoryRunner {
  readonly program: string
  /** The directory that it runs in. */
  directory(): string
  /** Runs it once, in a process of its own. */
  run(...words: readonly string[]): Outcome
  /** Runs it on each of the command lines, all in one process: hundreds take no longer than a few alone. */
  runAll(commandLines: readonly (readonly string[])[]): readonly Outcome[]
  /** Whether it has written this file. */
  has(...path: readonly string[]): boolean
  /** The names of all files there. */
  files(): readonly string[]
  text(...path: readonly string[]): string
  /** A file of JSON, which is taken for what the caller says it is. */
  json<A>(...path: readonly string[]): A
  /** Puts a file there, and returns its name. */
  write(name: string, content: string | Uint8Array): string
}

const repeat = fileURLToPath(new URL('repeat.js', import.meta.url))

/**
 * The program of a story, to be called where tests are registered.
 *
 * @param main the built program: `new URL('../dist/main.js', import.meta.url)`
 */
export const storyRunner = (main: URL): StoryRunner => {
  const program = fileURLToPath(main)
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'story-'))
  })
  afterAll(() => {
    rmSync(directory, { recursive: true })
  })
  const start = (words: readonly string[], input = ''): Outcome =>
    spawnSync(process.execPath, words, {
      cwd: directory,
      // What the test runner tells its own processes is not for the story.
      env: { ...process.env, INIT_CWD: directory, NODE_OPTIONS: '' },
      encoding: 'utf8',
      input,
      maxBuffer: 2 ** 28,
    })
  return {
    program,
    directory: () => directory,
    run: (...words) => start([program, ...words]),
    runAll: (commandLines) => {
      const { status, stdout, stderr } = start([repeat, program], JSON.stringify(commandLines))
      if (status !== 0) throw new Error(`the story ended its process with ${status}: ${stderr}`)
      return JSON.parse(stdout) as readonly Outcome[]
    },
    has: (...path) => existsSync(join(directory, ...path)),
    files: () => readdirSync(directory, { recursive: true }).map(String).toSorted(),
    text: (...path) => readFileSync(join(directory, ...path), 'utf8'),
    json: <A>(...path: readonly string[]) => JSON.parse(readFileSync(join(directory, ...path), 'utf8')) as A,
    write: (name, content) => {
      writeFileSync(join(directory, name), content)
      return name
    },
  }
}
