import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { Outcome } from './story-runner.js'

/*
 * Runs a story on many command lines in one process: `node repeat.js program < command lines as JSON`. The program is
 * imported anew each time, by another address; what it imports is shared.
 */

const [, , program = ''] = process.argv
const commandLines = JSON.parse(readFileSync(0, 'utf8')) as readonly (readonly string[])[]

const streams = [process.stdout, process.stderr]
const originals = streams.map((stream) => stream.write.bind(stream))

const runOnce = async (words: readonly string[], index: number): Promise<Outcome> => {
  const said: [string[], string[]] = [[], []]
  streams.forEach((stream, place) => {
    stream.write = (chunk: string | Uint8Array) => {
      said[place]?.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'))
      return true
    }
  })
  process.argv = [process.execPath, program, ...words]
  process.exitCode = 0
  let fault = ''
  try {
    await import(`${pathToFileURL(program).href}?run=${index}`)
  } catch (error) {
    fault = `uncaught ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
  streams.forEach((stream, place) => {
    const original = originals[place]
    if (original !== undefined) stream.write = original
  })
  return { status: fault === '' ? Number(process.exitCode as unknown) : 1, stdout: said[0].join(''), stderr: said[1].join('') + fault }
}

// A program listens once to each signal and stream, and here there are hundreds of it.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0)

const outcomes: Outcome[] = []
for (const [index, words] of commandLines.entries()) outcomes.push(await runOnce(words, index))
process.exitCode = 0
process.stdout.write(JSON.stringify(outcomes))
