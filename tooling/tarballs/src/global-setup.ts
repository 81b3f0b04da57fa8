import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { root } from '../../readmes/src/blocks.ts'
import { runProgram } from '../../readmes/src/run.ts'

/*
 * Once, before the tests: packs every package as it would be published, and installs the tarballs by npm into an
 * empty project that lies outside of the workspace.
 */

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const run = async (program: string, parameters: readonly string[], cwd: string): Promise<string> => {
  const { code, output, errors } = await runProgram(program, parameters, cwd)
  if (code !== 0) throw new Error(`${program} ${parameters.join(' ')}\n${output}\n${errors}`)
  return output
}

const packAll = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const pnpm = join(root, 'node_modules/.bin/pnpm')
  const parameters = ['-r', '--filter', './packages/*', 'pack', '--pack-destination', folder, '--json']
  const packed = JSON.parse(await run(pnpm, parameters, root)) as readonly { name: string; filename: string }[]
  return Object.fromEntries(packed.map(({ name, filename }) => [name, filename]))
}

// What our packages ask their users to bring, and what the examples use besides: the versions that the workspace itself is tested with.
const companions = (): Readonly<Record<string, string>> => {
  const names = [
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-backend-webgl',
    '@types/node',
    'fast-check',
    'fp-ts',
  ]
  const catalog = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  return Object.fromEntries(
    names.map((name) => {
      const version = new RegExp(`^ {2}'?${name}'?: (\\S+)$`, 'm').exec(catalog)?.[1]
      if (version === undefined) throw new Error(`${name} is not in the catalog`)
      return [name, version]
    }),
  )
}

// A runner of tests that nobody here uses, for those who test with `@monge/laws` under it.
const jest = '30.5.2'

const installAll = async (folder: string, tarballs: Readonly<Record<string, string>>): Promise<void> => {
  const ours = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]))
  const manifest: Manifest & Readonly<Record<string, unknown>> = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { ...ours, ...companions(), jest },
    // Our packages name one another by version; none of these versions is published yet.
    overrides: ours,
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts']
  await run('npm', ['install', ...quick], folder)
  cpSync(fileURLToPath(new URL('../consumer', import.meta.url)), folder, { recursive: true })
}

export default async (project: TestProject): Promise<() => void> => {
  const folder = mkdtempSync(join(tmpdir(), 'monge-tarballs-'))
  const tarballs = await packAll(join(folder, 'tarballs'))
  const consumer = join(folder, 'consumer')
  await installAll(consumer, tarballs)
  project.provide('tarballs', tarballs)
  project.provide('project', consumer)
  return () => rmSync(folder, { recursive: true, force: true })
}
