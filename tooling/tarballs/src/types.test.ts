import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, test } from 'vitest'
import { blocksOfPage, fileName, packagePages } from '../../readmes/src/blocks.ts'
import { runProgram } from '../../readmes/src/run.ts'

const project = inject('project')

const compilers = {
  'TypeScript 5.9': fileURLToPath(new URL('../node_modules/typescript-5.9/lib/tsc.js', import.meta.url)),
  'TypeScript 7.0': fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url)),
}

const strict = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM'],
  module: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
}

interface Fault {
  readonly file: string
  readonly line: string
}

/** The lines of a compiler that report an error, by the file that it is in. */
const faultsIn = (output: string): readonly Fault[] =>
  output
    .split('\n')
    .filter((line) => /error TS\d+/.test(line))
    .map((line) => ({ line, file: /^(.+?)\(\d+/.exec(line)?.[1] ?? '' }))

/*
 * tfjs's declarations name types of packages that it does not depend on, and bring along WebGPU's, which contradict
 * the compiler's own library. Faults count where they are ours: in the consumer's files and in our declarations.
 */
const isOurs = ({ file }: Fault): boolean => !/node_modules\/(?!@monge\/|monge\/)|lib\.[\w.]+\.d\.ts$/.test(file)

const sourceOf = ({ file }: Fault): string =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(file)?.[1] ?? 'the compiler'

mkdirSync(join(project, 'examples'), { recursive: true })
for (const block of [...packagePages, 'README.md'].flatMap(blocksOfPage))
  writeFileSync(join(project, 'examples', fileName(block, 'ts')), block.code)

describe.each(Object.entries(compilers))('a consumer under %s', (name, compiler) => {
  const check = async (
    include: readonly string[],
    skipLibCheck: boolean,
    types: readonly string[] = [],
  ): Promise<readonly Fault[]> => {
    const config = join(project, `${name.replace(' ', '-')}-${skipLibCheck}-${include.length}.json`)
    writeFileSync(config, JSON.stringify({ compilerOptions: { ...strict, skipLibCheck, types }, include }))
    const { output, errors } = await runProgram(process.execPath, [compiler, '-p', config, '--pretty', 'false'], project)
    expect(errors).toBe('')
    return faultsIn(output)
  }

  const everything = ['*.ts', 'page/*.ts', 'plain/*.ts', 'examples/*.ts']

  test('is of the version that it says', async () => {
    const { output } = await runProgram(process.execPath, [compiler, '--version'], project)
    expect(output).toContain(name.replace('TypeScript', 'Version'))
  })

  test('type-checks', async () => {
    expect(await check(everything, true, ['node'])).toEqual([])
  })

  test('type-checks together with our declarations', async () => {
    const faults = await check(everything, false, ['node'])
    const theirs = faults.filter((fault) => !isOurs(fault)).map(sourceOf)
    const count = (source: string): number => theirs.filter((other) => other === source).length
    console.info(`${name}, left out: ${[...new Set(theirs)].map((source) => `${count(source)} in ${source}`).join(', ')}`)
    expect(faults.filter(isOurs)).toEqual([])
  })

  test('type-checks with every declaration there is, where tfjs is not needed', async () => {
    expect(await check(['plain/*.ts'], false)).toEqual([])
  })
})
