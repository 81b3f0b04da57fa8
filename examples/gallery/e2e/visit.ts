import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromiumArguments, chromiumPath } from '../../../tooling/vitest/launch.ts'

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: [...chromiumArguments] })

export interface Visit {
  readonly tab: Page
  /** Errors of the console and of the page, and requests that failed or were refused. */
  readonly faults: readonly string[]
  readonly close: () => Promise<void>
}

/** A new tab of its own at an address. It asks for reduced motion, and pages wait to be played, unless told otherwise. */
export const visit = async (browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> => {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  })
  const tab = await context.newPage()
  const faults: string[] = []
  tab.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  tab.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  tab.on('requestfailed', (request) => faults.push(`request: ${request.url()} ${request.failure()?.errorText}`))
  tab.on('response', (response) => {
    if (response.status() >= 400) faults.push(`response: ${response.url()} ${response.status()}`)
  })
  await tab.goto(address)
  return { tab, faults, close: () => context.close() }
}

/** Waits until a picture is shown. Fails with what the page says where it gives up. */
export const shown = async (tab: Page): Promise<void> => {
  const state = await tab.waitForFunction(
    () => {
      const fault = document.querySelector('.fault:not([hidden])')?.textContent
      if (fault !== null && fault !== undefined) return `fault: ${fault}`
      return document.querySelector('.experiment[data-shown]') === null ? undefined : 'shown'
    },
    undefined,
    { timeout: 90_000 },
  )
  const told = await state.jsonValue()
  if (told !== 'shown') throw new Error(told)
}

/** The step that is shown. */
export const stepOf = async (tab: Page): Promise<number> => Number(await tab.locator('.readings dd').first().textContent())

export const press = (tab: Page, name: string): Promise<void> => tab.getByRole('button', { name, exact: true }).click()

/** The file that a button of the export menu saves. */
export const saved = async (tab: Page, kind: string): Promise<{ readonly name: string; readonly bytes: Buffer }> => {
  const [file] = await Promise.all([tab.waitForEvent('download'), tab.locator(`[data-export="${kind}"]`).click()])
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

/** The data that a page exports, as far as suites read them. */
export interface Data {
  readonly experiment: string
  readonly settings: Readonly<Record<string, number | string | boolean>>
  readonly backend: string
  readonly step: number
  readonly readings: Readonly<Record<string, number | null>>
  readonly clouds: Readonly<Record<string, { readonly points: readonly (readonly number[])[] }>>
}

export const dataOf = async (tab: Page): Promise<Data> => JSON.parse((await saved(tab, 'json')).bytes.toString()) as Data

/** Presses Step, and waits until the next frame is shown. */
export const stepOn = async (tab: Page): Promise<void> => {
  const before = await tab.locator('.experiment').getAttribute('data-shown')
  await press(tab, 'Step')
  await tab.waitForFunction(
    (old) => document.querySelector('.experiment')?.getAttribute('data-shown') !== old,
    before,
    { timeout: 90_000 },
  )
}

/** Whether the page is wider than its window. */
export const overflow = (tab: Page): Promise<number> =>
  tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
