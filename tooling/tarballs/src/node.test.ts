import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { blocksOfPage, packagePages } from '../../readmes/src/blocks.ts'
import { runBlock } from '../../readmes/src/run.ts'

const project = inject('project')

const runFile = (name: string): ReturnType<typeof runBlock> =>
  runBlock({ page: name, line: 1, code: readFileSync(join(project, name), 'utf8') }, project)

describe('in plain Node, from the tarballs', () => {
  test.each([...packagePages, 'README.md'].flatMap(blocksOfPage))('$page runs at line $line', async (block) => {
    const { code, output, errors } = await runBlock(block, project)
    expect(code, errors).toBe(0)
    expect(output).not.toBe('')
  })

  test.each(['reference', 'cpu', 'wasm'])('the gradient of a Sinkhorn divergence is right on %s', async (name) => {
    const { code, output, errors } = await runFile(`gradient.ts`)
    expect(code, errors).toBe(0)
    const outcome = (JSON.parse(output) as Readonly<Record<string, { error: number; tolerance: number }>>)[name]
    expect(outcome?.error).toBeLessThan(outcome?.tolerance ?? 0)
  })
})
