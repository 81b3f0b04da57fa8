import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import commonjsPlugin from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import { describe, expect, inject, test } from 'vitest'
import webpack from 'webpack'
import { visit } from './visit.ts'
import type { Outcome } from './visit.ts'

// Its declarations are those of a CommonJS module, which it is not here.
const commonjs = commonjsPlugin as unknown as typeof commonjsPlugin.default

const project = inject('project')
const source = join(project, 'bundled')
const entry = join(source, 'divergence.js')

/** Each bundler as its documentation has it, with nothing set for our sake. */
const bundlers: Readonly<Record<string, (target: string) => Promise<void>>> = {
  vite: async (target) => {
    await vite({ root: source, logLevel: 'error', configFile: false, build: { outDir: target, target: 'es2022' } })
  },
  esbuild: async (target) => {
    const options = { bundle: true, minify: true, splitting: true, format: 'esm', platform: 'browser' } as const
    await esbuild({ ...options, entryPoints: [entry], outdir: target, logLevel: 'error' })
    copyPage(target)
  },
  rollup: async (target) => {
    const bundle = await rollup({
      input: entry,
      plugins: [nodeResolve({ browser: true, preferBuiltins: false }), commonjs()],
      // tfjs's own modules import one another in circles.
      onwarn: ({ code, message }) => {
        if (code === 'UNRESOLVED_IMPORT' || code === 'MISSING_EXPORT') throw new Error(message)
      },
    })
    await bundle.write({ dir: target, format: 'es' })
    await bundle.close()
    copyPage(target)
  },
  webpack: async (target) => {
    await new Promise<void>((resolve, reject) => {
      const options = { mode: 'production', context: source, entry, performance: { hints: false } } as const
      webpack({ ...options, output: { path: target, filename: 'divergence.js' } }, (error, stats) => {
        const faults = stats?.toJson({ errors: true, warnings: true })
        const messages = [...(faults?.errors ?? []), ...(faults?.warnings ?? [])].map(({ message }) => message)
        if (error !== null) reject(error)
        else if (messages.length > 0) reject(new Error(messages.join('\n')))
        else resolve()
      })
    })
    copyPage(target)
  },
}

const copyPage = (target: string): void => copyFileSync(join(source, 'index.html'), join(target, 'index.html'))

// By the float64 reference, in Node.
const expected: Outcome = {
  value: 0.3286873939986,
  gradient: [-0.2179643602248, -0.1521064415013, -0.3016961637956, -0.0004412760743, -0.1678395965894, 0.006714489259],
}

const expectRight = (outcome: Outcome | undefined, digits: number): void => {
  expect(outcome?.value).toBeCloseTo(expected.value, digits)
  expect(outcome?.gradient).toHaveLength(expected.gradient.length)
  expected.gradient.forEach((slope, i) => expect(outcome?.gradient[i]).toBeCloseTo(slope, digits))
}

describe('a page from the tarballs', () => {
  test.each(Object.entries(bundlers))('computes a Sinkhorn divergence when built by %s', async (name, bundle) => {
    const target = join(project, 'built', name)
    await bundle(target)
    const { reference, default: fastest, webgl } = await visit(target)
    expectRight(reference, 10)
    expectRight(fastest, 5)
    expectRight(webgl, 5)
  })

  test('computes a Sinkhorn divergence with no bundler, from an import map', async () => {
    const { default: fastest, webgl } = await visit(project, '/unbundled/')
    expectRight(fastest, 5)
    expectRight(webgl, 5)
  })
})
