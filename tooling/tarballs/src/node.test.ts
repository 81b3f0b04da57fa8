import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { blocksOfPage, packagePages } from '../../readmes/src/blocks.ts'
import { runBlock } from '../../readmes/src/run.ts'

const project = inject('project')

interface Outcome {
  readonly error: number
  readonly tolerance: number
}

describe('in plain Node, from the tarballs', () => {
  test.each([...packagePages, 'README.md'].flatMap(blocksOfPage))('$page runs at line $line', async (block) => {
    const { code, output, errors } = await runBlock(block, project)
    expect(code, errors).toBe(0)
    expect(output).not.toBe('')
  })

  test('the gradient of a Sinkhorn divergence is right on reference, cpu and wasm', async () => {
    const block = { page: 'gradient', line: 1, code: readFileSync(join(project, 'gradient.ts'), 'utf8') }
    const { code, output, errors } = await runBlock(block, project)
    expect(code, errors).toBe(0)
    const outcomes = JSON.parse(output) as Readonly<Record<string, Outcome>>
    expect(Object.keys(outcomes)).toEqual(['reference', 'cpu', 'wasm'])
    expect(Object.entries(outcomes).filter(([, { error, tolerance }]) => !(error < tolerance))).toEqual([])
  })
})
