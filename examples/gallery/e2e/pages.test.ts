import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { simdBackend } from '@monge/backend-simd'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experiment, ids } from './experiments.ts'
import { serve } from './serve.ts'
import { dataOf, launch, overflow, shown, stepOn, visit } from './visit.ts'
import type { Data } from './visit.ts'
import type { Host } from './serve.ts'
import type { Frame } from '../src/experiment.ts'

const screenshots = fileURLToPath(new URL('../out/screenshots', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Frames that are stepped through before numbers are compared. */
const steps = 3

let host: Host
let browser: Browser

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true })
  host = await serve({ folder: '/', isolated: true })
  browser = await launch()
})
afterAll(async () => {
  await browser.close()
  await host.close()
})

/** The frame of that step, computed here. */
const computed = async (id: string, { settings, step }: Data): Promise<Frame | undefined> => {
  const { run } = await experiment(id)
  const controller = new AbortController()
  // The last frame of that step: a training shows its first samples before they are judged, and after.
  let found: Frame | undefined
  for await (const frame of run(settings, { backend: await simdBackend(), signal: controller.signal }))
    if (frame.step === step) found = frame
    else if (frame.step > step) break
  return found
}

/**
 * As near as the same kernels come after some steps on more or fewer threads, whose sums are added in another order: to
 * about 1e-6 as a rule, and not so near where steps make more of what is rounded.
 */
const agree = (one: number, other: number): boolean =>
  Number.isFinite(other) ? Math.abs(one - other) < 1e-3 * Math.max(1e-2, Math.abs(other)) : !Number.isFinite(one)

/** Rules that WCAG 2.2 at level AA asks for, and those of good practice, that the page breaks. */
const barriers = async (tab: Page): Promise<readonly string[]> => {
  await tab.evaluate(axe)
  return tab.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as {
        readonly axe: {
          readonly run: () => Promise<{
            readonly violations: readonly {
              readonly id: string
              readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[]
            }[]
          }>
        }
      }
    ).axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.map(String).join(' ')} ${failureSummary ?? ''}`),
    )
  })
}

const phone = { width: 380, height: 800 }

const photograph = (tab: Page, name: string): Promise<Buffer> =>
  tab.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true })

test('there are experiments', () => {
  expect(ids.length).toBeGreaterThan(0)
})

describe('the home page', () => {
  test('lists every experiment, without barriers, on a desk and on a phone', async () => {
    const { tab, faults, close } = await visit(browser, host.address)
    await tab.locator('.cards').waitFor()
    const links = await tab.locator('.cards a').evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    expect(links.toSorted()).toEqual(ids.map((id) => `#/${id}`))
    expect(await barriers(tab)).toEqual([])
    await photograph(tab, 'home-1200')
    await tab.setViewportSize(phone)
    await expect.poll(() => overflow(tab), { timeout: 20_000 }).toBe(0)
    await photograph(tab, 'home-380')
    expect(faults).toEqual([])
    await close()
  })
})

describe.each(ids)('the page %s', (id) => {
  test('runs, reads what Node reads, and has no barriers, on a desk and on a phone', async () => {
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    for (let step = 0; step < steps; step++) await stepOn(tab)
    const data = await dataOf(tab)
    expect(data.backend).toBe('simd')

    const frame = await computed(id, data)
    expect(frame?.step).toBe(data.step)
    for (const [name, value] of Object.entries(frame?.readings ?? {}))
      expect(agree(data.readings[name] ?? NaN, value), `${name}: ${data.readings[name]}, in Node ${value}`).toBe(true)

    expect(await barriers(tab)).toEqual([])
    expect(await overflow(tab)).toBe(0)
    await photograph(tab, `${id}-1200`)
    await tab.setViewportSize(phone)
    await expect.poll(() => overflow(tab), { timeout: 20_000 }).toBe(0)
    await photograph(tab, `${id}-380`)
    expect(faults).toEqual([])
    await close()
  })
})
