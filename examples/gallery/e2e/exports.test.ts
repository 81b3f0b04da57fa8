import type { Browser } from 'playwright-core'
import { PNG } from 'pngjs'
import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from './serve.ts'
import { launch, saved, shown, stepOn, visit } from './visit.ts'
import type { Visit } from './visit.ts'
import type { Host } from './serve.ts'

let host: Host
let browser: Browser
let visited: Visit

beforeAll(async () => {
  host = await serve({ folder: '/', isolated: true })
  browser = await launch()
  visited = await visit(browser, `${host.address}#/gradient-flows`)
  await shown(visited.tab)
  for (let step = 0; step < 4; step++) await stepOn(visited.tab)
}, 120_000)
afterAll(async () => {
  await visited.close()
  await browser.close()
  await host.close()
})

describe('what a page saves', () => {
  test('as SVG is well-formed and draws the points', async () => {
    const { name, bytes } = await saved(visited.tab, 'svg')
    expect(name).toMatch(/^monge-gradient-flows-\d+\.svg$/)
    const names: string[] = []
    const parser = new SaxesParser({ xmlns: true })
    parser.on('error', (error) => {
      throw error
    })
    parser.on('opentag', (tag) => names.push(tag.local))
    parser.write(bytes.toString()).close()
    expect(names[0]).toBe('svg')
    expect(names).toContain('title')
    expect(bytes.length).toBeGreaterThan(2000)
  })

  test('as PNG is a sharp picture with ink on it', async () => {
    const { name, bytes } = await saved(visited.tab, 'png')
    expect(name).toMatch(/^monge-gradient-flows-\d+\.png$/)
    const { width, height, data } = PNG.sync.read(bytes)
    expect(width).toBeGreaterThanOrEqual(1600)
    expect(height).toBeGreaterThan(400)
    const inked = data.filter((value, index) => index % 4 === 0 && value < 200).length
    expect(inked).toBeGreaterThan(1000)
    expect(data.every((value, index) => index % 4 !== 3 || value === 255)).toBe(true)
  })

  test('as GIF has a frame for each step so far', async () => {
    const { name, bytes } = await saved(visited.tab, 'gif')
    expect(name).toBe('monge-gradient-flows.gif')
    expect(bytes.subarray(0, 6).toString('latin1')).toBe('GIF89a')
    expect(bytes.readUInt16LE(6)).toBeLessThanOrEqual(600)
    expect(bytes.readUInt16LE(6)).toBeGreaterThan(300)
    const control = Buffer.from([0x21, 0xf9, 0x04, 0x00])
    let frames = 0
    for (let at = bytes.indexOf(control); at >= 0; at = bytes.indexOf(control, at + 1))
      if (bytes[at + 7] === 0 && bytes[at + 8] === 0x2c) frames += 1
    expect(frames).toBe(5)
    expect(bytes.at(-1)).toBe(0x3b)
  })

  test('as JSON holds settings, readings, their history and the points', async () => {
    const { name, bytes } = await saved(visited.tab, 'json')
    expect(name).toMatch(/^monge-gradient-flows-\d+\.json$/)
    const data = JSON.parse(bytes.toString()) as {
      readonly history: { readonly steps: readonly number[]; readonly readings: Readonly<Record<string, readonly number[]>> }
      readonly clouds: Readonly<Record<string, { readonly points: readonly (readonly number[])[] }>>
    }
    expect(data.history.steps).toHaveLength(5)
    for (const values of Object.values(data.history.readings)) expect(values).toHaveLength(5)
    expect(Object.keys(data.clouds).length).toBeGreaterThan(0)
    for (const { points } of Object.values(data.clouds)) expect(points.flat().every(Number.isFinite)).toBe(true)
  })

  test('makes no fault', () => {
    expect(visited.faults).toEqual([])
  })
})
