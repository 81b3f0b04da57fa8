import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressOf, initialSettings, pageAt, settingsAt } from './address.js'
import { encodePoints } from './clouds/encoding.js'
import type { Control, Page } from './experiment.js'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })

const drawn = fc
  .array(fc.integer({ min: 0, max: 65535 }), { minLength: 2, maxLength: 40 })
  .map((values) => encodePoints(values.slice(0, 2 * (values.length >> 1)).map((value) => value / 65535)))

/** A control, and a value that it can have. */
const settled = (name: string): fc.Arbitrary<readonly [Control, number | string | boolean]> =>
  fc.oneof(
    fc.tuple(finite, finite, finite).map((numbers): readonly [Control, number] => {
      const [min = 0, value = 0, max = 0] = [...numbers].toSorted((a, b) => a - b)
      return [{ kind: 'range', name, label: name, min, max, step: 0.1, initial: max }, value]
    }),
    fc
      .tuple(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), fc.nat(4), fc.nat(4))
      .map(([values, first, then]): readonly [Control, string] => {
        const options = values.map((value) => ({ value, label: value }))
        const at = (index: number): string => values[index % values.length] ?? ''
        return [{ kind: 'choice', name, label: name, options, initial: at(first) }, at(then)]
      }),
    fc
      .tuple(fc.boolean(), fc.boolean())
      .map(([initial, value]): readonly [Control, boolean] => [{ kind: 'switch', name, label: name, initial }, value]),
    fc
      .tuple(fc.constantFrom('ring', 'heart'), fc.oneof(fc.constantFrom('ring', 'heart'), drawn))
      .map(([initial, value]): readonly [Control, string] => {
        const presets = ['ring', 'heart'].map((preset) => ({ value: preset, label: preset }))
        return [{ kind: 'cloud', name, label: name, initial, presets }, value]
      }),
  )

const pages = fc
  .uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name !== '__proto__'), { maxLength: 6 })
  .chain((names) => fc.tuple(...names.map(settled)))
  .map((pairs) => ({
    page: { id: 'some-page', controls: pairs.map(([control]) => control) },
    settings: Object.fromEntries(pairs.map(([{ name }, value]) => [name, value])),
  }))

type Known = Pick<Page, 'id' | 'controls'>

/** Whether a control takes a value, written and read, for what it was. */
const can = (control: Control, value: string | number | boolean | undefined): boolean => {
  const page: Known = { id: 'x', controls: [control] }
  const asked = { [control.name]: value ?? '' }
  const { settings, faults } = settingsAt(page)(addressOf(page)(asked))
  return faults.length === 0 && Object.is(settings[control.name], value)
}

describe('an address', () => {
  test('gives back the settings that it was made of', () => {
    fc.assert(
      fc.property(pages, ({ page, settings }) => {
        const address = addressOf(page)(settings)
        expect(settingsAt(page)(address)).toEqual({ settings, faults: [] })
        expect(pageAt(address)).toBe(page.id)
      }),
    )
  })

  test('is the page alone while nothing is changed', () => {
    fc.assert(
      fc.property(pages, ({ page }) => {
        expect(addressOf(page)(initialSettings(page))).toBe('#/some-page')
        expect(addressOf(page)({})).toBe('#/some-page')
      }),
    )
  })

  test('survives being made a link', () => {
    fc.assert(
      fc.property(pages, ({ page, settings }) => {
        const { hash } = new URL(addressOf(page)(settings), 'https://example.org/gallery/')
        expect(settingsAt(page)(hash).settings).toEqual(settings)
      }),
    )
  })

  const fuzzed = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.tuple(fc.constantFrom('range', 'choice', 'switch', 'cloud', '__proto__', 'constructor', ''), fc.string()))
      .map((pairs) => `#/some-page?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`),
    fc.string().map((text) => `#/some-page?cloud=points:${text}`),
  )

  const fixed: Known = {
    id: 'some-page',
    controls: [
      { kind: 'range', name: 'range', label: 'Blur', min: 0.01, max: 1, step: 0.01, initial: 0.05, logarithmic: true },
      { kind: 'choice', name: 'choice', label: 'Loss', options: [{ value: 'energy', label: 'Energy' }], initial: 'energy' },
      { kind: 'switch', name: 'switch', label: 'Debiased', initial: true },
      { kind: 'cloud', name: 'cloud', label: 'Source', initial: 'ring', presets: [{ value: 'ring', label: 'Ring' }] },
    ],
  }

  test('whatever it holds gives values that the controls can have', () => {
    fc.assert(
      fc.property(fuzzed, (address) => {
        const id = pageAt(address)
        const { settings } = settingsAt(fixed)(address)
        expect(Object.keys(settings)).toEqual(['range', 'choice', 'switch', 'cloud'])
        for (const control of fixed.controls) expect(can(control, settings[control.name])).toBe(true)
        expect(typeof id).toBe('string')
      }),
    )
  })

  test.each([
    ['range=2', '"2" is nothing that Blur can be; it is 0.05.'],
    ['range=', '"" is nothing that Blur can be; it is 0.05.'],
    ['range=NaN', '"NaN" is nothing that Blur can be; it is 0.05.'],
    ['choice=none', '"none" is nothing that Loss can be; it is "Energy".'],
    ['switch=true', '"true" is nothing that Debiased can be; it is yes.'],
    ['cloud=points:!', '"points:!" is nothing that Source can be; it is "Ring".'],
    ['blur=1', 'This page has no setting "blur".'],
  ])('with %s keeps the initial values, and says so', (query, fault) => {
    expect(settingsAt(fixed)(`#/some-page?${query}`)).toEqual({ settings: initialSettings(fixed), faults: [fault] })
  })

  test('that is broken off says what is left', () => {
    expect(settingsAt(fixed)('#/some-page?range=0.1&switch').settings['range']).toBe(0.1)
    expect(settingsAt(fixed)('#/some-page?range=%E0%A4%A&switch=no').settings['switch']).toBe(false)
  })

  test.each([
    ['#/flows?seed=1', 'flows'],
    ['#/flows/', 'flows'],
    ['#flows', 'flows'],
    ['', ''],
    ['#/?x=1', ''],
  ])('%s names the page %s', (address, id) => {
    expect(pageAt(address)).toBe(id)
  })
})
