import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { experiment, ids } from './experiments.ts'
import { serve } from './serve.ts'
import { dataOf, launch, shown, stepOf, stepOn, visit } from './visit.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser.close())

describe('the site', () => {
  test('works on a host without special headers, in a folder of it, on one thread', async () => {
    const host = await serve({ folder: '/somebody/pages/', isolated: false })
    const { tab, faults, close } = await visit(browser, `${host.address}#/gradient-flows`)
    await shown(tab)
    expect(await tab.evaluate(() => crossOriginIsolated)).toBe(false)
    await stepOn(tab)
    expect(await stepOf(tab)).toBeGreaterThan(0)
    expect(faults).toEqual([])
    await close()
    await host.close()
  })

  test('sends less than a megabyte for a page that runs', async () => {
    const host = await serve({ folder: '/', isolated: true })
    const { tab, close } = await visit(browser, host.address)
    await tab.locator('.cards').waitFor()
    const home = host.bytes()
    // Browsers tell of it some time after, and need not.
    const painted = await tab
      .waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime, undefined, { timeout: 3000 })
      .then((told) => told.jsonValue())
      .catch(() => undefined)
    await tab.goto(`${host.address}#/gradient-flows`)
    await shown(tab)
    console.info(`home page: ${home} bytes, painted after ${painted === undefined ? 'a time untold' : `${Math.round(painted)} ms`}; a running page: ${host.bytes()} bytes`)
    expect(home).toBeLessThan(100_000)
    expect(host.bytes()).toBeLessThan(1_000_000)
    await close()
    await host.close()
  })

  test('says so where an address names no page', async () => {
    const host = await serve({ folder: '/', isolated: true })
    const { tab, faults, close } = await visit(browser, `${host.address}#/nowhere`)
    await tab.getByRole('heading', { name: 'There is no such page' }).waitFor()
    expect(faults).toEqual([])
    await close()
    await host.close()
  })
})

describe.each(['gradient-flows', 'sliced-flow'])('on WebGL the page %s', (id) => {
  test('runs and reads much the same', async () => {
    const host = await serve({ folder: '/', isolated: true })
    const [data, other] = await Promise.all(
      ['', '?backend=webgl'].map(async (query) => {
        const { tab, faults, close } = await visit(browser, `${host.address}#/${id}${query}`)
        await shown(tab)
        await stepOn(tab)
        const read = await dataOf(tab)
        expect(faults).toEqual([])
        await close()
        return read
      }),
    )
    expect(other?.backend).toBe('webgl')
    const { page } = await experiment(id)
    for (const { reading } of page.readings) {
      const expected = data?.readings[reading] ?? NaN
      const scale = 2e-2 * Math.max(1e-2, Math.abs(expected))
      expect(Math.abs((other?.readings[reading] ?? NaN) - expected), reading).toBeLessThan(scale)
    }
    await host.close()
  })
})

test('the pages of which these suites know are there', () => {
  expect(ids).toEqual(expect.arrayContaining(['gradient-flows', 'sliced-flow']))
})
