#!/usr/bin/env node
import { basename } from 'node:path'
import { isMongeError } from '@monge/errors'
import { digit } from './digit.js'
import { oneLine, picture, prepare } from '@monge-tooling/stories'
import { readOptions } from './options.js'
import type { Options } from './options.js'

// npm and pnpm run a package's script in the package's directory, and say here where the user stood.
const directory = process.env['INIT_CWD'] ?? process.cwd()

const subject = async (where: string, path: string | undefined, figure: number, index: number) =>
  path === undefined
    ? { name: `a handwritten ${figure} (MNIST)`, density: await digit(figure, index) }
    : { name: basename(path), density: picture(where, path) }

const run = async (options: Options, signal: AbortSignal): Promise<void> => {
  const source = await subject('--source', options.source, 0, 7)
  const target = await subject('--target', options.target, 2, 2)
  prepare(options.out)
  // Loaded only now: what is wrong on the command line is told at once.
  const { flow } = await import('./flow.js')
  await flow({ options, source, target, signal, directory })
}

const main = async (): Promise<number> => {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  try {
    const request = readOptions(process.argv.slice(2), directory)
    if (request.kind === 'help') process.stdout.write(request.text)
    else await run(request.options, interrupted.signal)
    return 0
  } catch (error) {
    if (interrupted.signal.aborted) {
      process.stderr.write('stopped before the end; nothing was written\n')
      return 130
    }
    if (!isMongeError(error)) throw error
    process.stderr.write(`${oneLine(error.message)}\n`)
    return 2
  }
}

// Whoever reads the output may stop before its end, as `head` does; the files are written all the same.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await main()
