import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodePoints } from '../src/clouds/encoding.ts'
import { experiment, ids } from './experiments.ts'
import { serve } from './serve.ts'
import { dataOf, launch, press, shown, stepOf, stepOn, visit } from './visit.ts'
import type { Host } from './serve.ts'
import type { CloudControl, RangeControl } from '../src/experiment.ts'

/** A page that is cheap, plays, and has a cloud and ranges. */
const id = 'gradient-flows'

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

const atStep = (tab: Page, wanted: string): Promise<unknown> =>
  tab.waitForFunction(
    (condition) => {
      const step = Number(document.querySelector('.readings dd')?.textContent ?? NaN)
      return condition === '0' ? step === 0 : step > 2
    },
    wanted,
    { timeout: 60_000 },
  )

const started = (tab: Page): Promise<unknown> => atStep(tab, '0')
const underWay = (tab: Page): Promise<unknown> => atStep(tab, 'more')

const still = async (tab: Page): Promise<boolean> => {
  await tab.waitForTimeout(150)
  const step = await stepOf(tab)
  await tab.waitForTimeout(400)
  return step === (await stepOf(tab))
}

describe('playing', () => {
  test('by mouse: plays, pauses, steps, starts over', async () => {
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    expect(await still(tab)).toBe(true)
    expect(await stepOf(tab)).toBe(0)
    await press(tab, 'Play')
    await underWay(tab)
    await press(tab, 'Pause')
    expect(await still(tab)).toBe(true)
    const before = await stepOf(tab)
    await stepOn(tab)
    expect(await stepOf(tab)).toBeGreaterThan(before)
    await press(tab, 'Reset')
    await started(tab)
    expect(await still(tab)).toBe(true)
    expect(faults).toEqual([])
    await close()
  })

  test('by keyboard: the same', async () => {
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    await tab.getByRole('button', { name: 'Play', exact: true }).focus()
    await tab.keyboard.press('Enter')
    await underWay(tab)
    await tab.keyboard.press('Enter')
    expect(await still(tab)).toBe(true)
    const before = await stepOf(tab)
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('Space')
    await tab.waitForFunction(
      (old) => Number(document.querySelector('.readings dd')?.textContent) > old,
      before,
    )
    await tab.keyboard.press('Tab')
    await tab.keyboard.press('Enter')
    await started(tab)
    expect(faults).toEqual([])
    await close()
  })

  test('begins by itself, unless the visitor wants less motion', async () => {
    const { tab, close } = await visit(browser, `${host.address}#/${id}`, { reducedMotion: 'no-preference' })
    await underWay(tab)
    expect(await tab.getByRole('button', { name: 'Pause', exact: true }).isEnabled()).toBe(true)
    await close()
  })

  test('ends when the page is left, with its worker', async () => {
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`, { reducedMotion: 'no-preference' })
    await underWay(tab)
    expect(tab.workers().length).toBeGreaterThan(0)
    await tab.goto(`${host.address}#/`)
    await tab.locator('.cards').waitFor()
    await expect.poll(() => tab.workers().length, { timeout: 20_000 }).toBe(0)
    await tab.goBack()
    await underWay(tab)
    expect(faults).toEqual([])
    await close()
  })
})

describe('settings', () => {
  const rangeOf = async (): Promise<RangeControl> => {
    const { page } = await experiment(id)
    const found = page.controls.find((control): control is RangeControl => control.kind === 'range')
    if (found === undefined) throw new Error('there is no range')
    return found
  }
  const cloudControl = async (): Promise<CloudControl> => {
    const { page } = await experiment(id)
    const found = page.controls.find((control): control is CloudControl => control.kind === 'cloud')
    if (found === undefined) throw new Error('there is no cloud')
    return found
  }

  test('are changed by keyboard, start the run again, and stand in the address', async () => {
    const { name } = await rangeOf()
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    await stepOn(tab)
    const before = (await dataOf(tab)).settings[name]
    await tab.locator(`#control-${name}`).focus()
    await tab.keyboard.press('ArrowRight')
    await started(tab)
    const after = (await dataOf(tab)).settings[name]
    expect(after).not.toBe(before)
    expect(tab.url()).toContain(`${name}=${String(after)}`)
    expect(faults).toEqual([])
    await close()
  })

  test('are restored by the link that is shared', async () => {
    const { name } = await rangeOf()
    const { tab, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    await tab.locator(`#control-${name}`).focus()
    await tab.keyboard.press('ArrowLeft')
    await shown(tab)
    const { settings } = await dataOf(tab)
    await tab.locator('[data-export="link"]').click()
    await tab.getByText('The link is copied.').waitFor({ state: 'attached' })
    const link = await tab.evaluate(() => navigator.clipboard.readText())
    await close()
    const other = await visit(browser, link)
    await shown(other.tab)
    expect((await dataOf(other.tab)).settings).toEqual(settings)
    expect(other.faults).toEqual([])
    await other.close()
  })

  test('are shown only where they have an effect', async () => {
    const { tab, faults, close } = await visit(browser, `${host.address}#/displacement-2d`)
    await shown(tab)
    const canvas = tab.locator('.cloud-canvas').first()
    expect(await canvas.isVisible()).toBe(false)
    await tab.locator('#control-shapes').selectOption('own')
    await canvas.waitFor({ state: 'visible' })
    await tab.locator('#control-shapes').selectOption('gaussians')
    await canvas.waitFor({ state: 'hidden' })
    expect(faults).toEqual([])
    await close()
  })

  test('that an address gives wrongly fall back, and the page says so', async () => {
    const { name } = await rangeOf()
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}?${name}=much&nothing=1`)
    await tab.getByText('"much" is nothing that').waitFor()
    await tab.getByText('no setting "nothing"').waitFor()
    expect(faults).toEqual([])
    await close()
  })

  test('take a cloud that is drawn with the pointer', async () => {
    const { name } = await cloudControl()
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    const canvas = tab.locator('.cloud-canvas').first()
    await canvas.scrollIntoViewIfNeeded()
    const box = await canvas.boundingBox()
    if (box === null) throw new Error('the canvas is not shown')
    const at = (right: number, down: number): readonly [number, number] => [box.x + right * box.width, box.y + down * box.height]
    await tab.mouse.move(...at(0.2, 0.2))
    await tab.mouse.down()
    await tab.mouse.move(...at(0.8, 0.2), { steps: 8 })
    await tab.mouse.up()
    await shown(tab)
    const { settings, clouds } = await dataOf(tab)
    expect(settings[name]).toMatch(/^points:/)
    // A line near the top: y points up.
    const drawn = Object.values(clouds).some(({ points }) => points.every(([x = NaN, y = NaN]) => Math.abs(y - 0.8) < 0.06 && x > 0.1 && x < 0.9))
    expect(drawn).toBe(true)
    expect(faults).toEqual([])
    await close()
  })

  test('take a cloud that is drawn by keyboard, and undo it', async () => {
    const { name, initial } = await cloudControl()
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    await tab.locator('.cloud-canvas').first().focus()
    for (const key of ['Space', 'ArrowUp', 'ArrowUp', 'Space']) await tab.keyboard.press(key)
    await tab.getByText('24 points.').waitFor()
    await tab.keyboard.press('Backspace')
    await tab.keyboard.press('Backspace')
    await shown(tab)
    expect((await dataOf(tab)).settings[name]).toBe(initial)
    expect(faults).toEqual([])
    await close()
  })

  test('take a cloud of the dark parts of a picture, and refuse what is none', async () => {
    const { name } = await cloudControl()
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}`)
    await shown(tab)
    const file = tab.locator('.cloud input[type=file]').first()
    await file.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') })
    await tab.getByText('That is no picture').waitFor()
    const square = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect x="50" width="50" height="50"/></svg>'
    await file.setInputFiles({ name: 'square.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(square) })
    await tab.getByText('Points of your picture.').waitFor()
    await shown(tab)
    const { settings, clouds } = await dataOf(tab)
    expect(settings[name]).toMatch(/^points:/)
    expect(Object.values(clouds).some(({ points }) => points.every(([x = NaN, y = NaN]) => x > 0.47 && y > 0.47))).toBe(true)
    expect(faults).toEqual([])
    await close()
  })

  test('take a cloud from the address', async () => {
    const { name } = await cloudControl()
    const points = encodePoints([0.25, 0.25, 0.75, 0.25, 0.5, 0.75])
    const { tab, faults, close } = await visit(browser, `${host.address}#/${id}?${name}=${points}`)
    await shown(tab)
    expect((await dataOf(tab)).settings[name]).toBe(points)
    expect(await tab.locator(`#control-${name}`).inputValue()).toBe('drawn')
    expect(faults).toEqual([])
    await close()
  })
})

test('the pages of which these suites know are there', () => {
  expect(ids).toContain(id)
})
