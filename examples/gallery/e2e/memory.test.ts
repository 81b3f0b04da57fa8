import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from './serve.ts'
import { launch, press, shown, visit } from './visit.ts'
import type { Host } from './serve.ts'

let host: Host
let browser: Browser

beforeAll(async () => {
  host = await serve({ folder: '/', isolated: true })
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
  await host.close()
})

interface Held {
  readonly tensors: number
  /** Bytes of textures, where the backend has any. */
  readonly textures: number
}

interface Engine {
  readonly memory: () => { readonly numTensors: number; readonly numBytesInGPUAllocated?: number }
}

// tfjs keeps its engine on the global object of the thread that it runs in.
const held = async (tab: Page): Promise<Held> => {
  const found = await Promise.all(
    tab.workers().map((worker) =>
      worker.evaluate(() => {
        const memory = (Reflect.get(globalThis, '_tfengine') as Engine | undefined)?.memory()
        return memory === undefined ? undefined : { tensors: memory.numTensors, textures: memory.numBytesInGPUAllocated ?? 0 }
      }),
    ),
  )
  const one = found.find((each) => each !== undefined)
  if (one === undefined) throw new Error('no worker computes with tfjs')
  return one
}

const reaches = (tab: Page, step: number): Promise<unknown> =>
  tab.waitForFunction(
    (wanted) => {
      const phase = document.querySelector<HTMLElement>('.experiment')?.dataset['phase']
      return phase === 'done' || Number(document.querySelector('.readings dd')?.textContent) >= wanted
    },
    step,
    { timeout: 100_000 },
  )

// A run that has come to its end by then has no button for it.
const pause = (tab: Page): Promise<void> =>
  tab.evaluate(() => {
    for (const button of document.querySelectorAll('button')) if (button.textContent === 'Pause') button.click()
  })

/** What is held after some steps and after many more, at a moment when none is under way. */
const twice = async (address: string, few: number, many: number): Promise<readonly [Held, Held]> => {
  const { tab, faults, close } = await visit(browser, address)
  await shown(tab)
  const at = async (step: number): Promise<Held> => {
    await press(tab, 'Play')
    await reaches(tab, step)
    await pause(tab)
    await tab.waitForTimeout(400)
    return held(tab)
  }
  const [early, late] = [await at(few), await at(many)]
  expect(faults).toEqual([])
  await close()
  return [early, late]
}

describe('what a run holds', () => {
  test('is as much after two thousand steps as after a hundred', async () => {
    const [early, late] = await twice(`${host.address}#/langevin-gaussian?steps=2000&pace=20`, 100, 2000)
    // A run that has come to its end holds nothing.
    expect(late.tensors).toBeLessThanOrEqual(early.tensors)
  })

  test('on a GPU stays the same', async () => {
    const [early, late] = await twice(`${host.address}#/gradient-flows?backend=webgl`, 10, 40)
    expect(late.tensors).toBeLessThanOrEqual(early.tensors)
    expect(late.textures).toBeLessThanOrEqual(early.textures * 1.05)
  })
})
