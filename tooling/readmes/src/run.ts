import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { fileName } from './blocks.ts'
import type { Block } from './blocks.ts'

export interface Outcome {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** Runs a program to its end, without input. */
export const runProgram = (
  program: string,
  parameters: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, output: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() }),
    )
  })

// Under a test runner, NODE_ENV and loader options would leak into what must be plain.
const plain = ({ NODE_ENV: _mode, NODE_OPTIONS: _options, VITEST: _vitest, ...rest }: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  rest

/** Strips an example of its types and runs it in plain Node, in a folder from which its packages resolve. */
export const runBlock = async (block: Block, folder: string): Promise<Outcome> => {
  const { code } = await transform(block.code, { loader: 'ts', format: 'esm', target: 'es2022' })
  const file = join(folder, fileName(block, 'mjs'))
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, code)
  return runProgram(process.execPath, [file], folder, plain(process.env))
}
