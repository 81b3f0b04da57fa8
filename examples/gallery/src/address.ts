import { decodePoints, isPoints } from './clouds/encoding.js'
import type { Control, Page, Settings } from './experiment.js'

/*
 * What the visitor has set, as an address: `#/gradient-flows?loss=energy&seed=3`. Only what differs from the initial
 * values is written.
 *
 * Laws: `settingsAt(page)(addressOf(page)(settings)).settings` is the settings, for all that the controls can say;
 * no address throws, and whatever it gives the controls can say.
 */

type Value = Settings[string]

/** What an address asks for. */
export interface Asked {
  readonly settings: Settings
  /** What could not be had, in words for the visitor; the initial values stand in for it. */
  readonly faults: readonly string[]
}

/** The page's name in an address, without what is set: '' for an address that names none. */
export const pageAt = (address: string): string => {
  const [path = ''] = address.split('?')
  return path.replace(/^#?\/?/, '').replace(/\/+$/, '')
}

/** The values that the controls begin with. */
export const initialSettings = (page: Pick<Page, 'controls'>): Settings =>
  Object.fromEntries(page.controls.map(({ name, initial }) => [name, initial]))

export const addressOf =
  (page: Pick<Page, 'id' | 'controls'>) =>
  (settings: Settings): string => {
    const changed = new URLSearchParams()
    for (const { name, initial } of page.controls) {
      const value = settings[name] ?? initial
      if (!Object.is(value, initial)) changed.set(name, textOf(value))
    }
    const query = changed.toString()
    return query === '' ? `#/${page.id}` : `#/${page.id}?${query}`
  }

/** The settings that an address asks for. */
export const settingsAt =
  (page: Pick<Page, 'controls'>) =>
  (address: string): Asked => {
    const start = address.indexOf('?')
    const asked = new URLSearchParams(start < 0 ? '' : address.slice(start + 1))
    const settings: Record<string, Value> = { ...initialSettings(page) }
    const faults: string[] = []
    const controls = new Map(page.controls.map((control) => [control.name, control]))
    // Of a name that is given twice, the last counts.
    for (const [name, text] of new Map(asked)) {
      const control = controls.get(name)
      const value = control === undefined ? undefined : valueOf(control, text)
      if (control !== undefined && value !== undefined) settings[name] = value
      else if (control === undefined) faults.push(`This page has no setting "${shown(name)}".`)
      else faults.push(`"${shown(text)}" is nothing that ${control.label} can be; it is ${labelOf(control)}.`)
    }
    return { settings, faults }
  }

// Zero has two signs, and text must keep them apart for addresses to give back what they were given.
const textOf = (value: Value): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Object.is(value, -0) ? '-0' : String(value)
}

/** What a control makes of a text, or undefined if that is nothing it can be. */
const valueOf = (control: Control, text: string): Value | undefined => {
  switch (control.kind) {
    case 'range': {
      const value = text.trim() === '' ? NaN : Number(text)
      return value >= control.min && value <= control.max ? value : undefined
    }
    case 'choice':
      return control.options.some(({ value }) => value === text) ? text : undefined
    case 'switch':
      return text === 'yes' ? true : text === 'no' ? false : undefined
    case 'cloud': {
      const known = control.presets.some(({ value }) => value === text)
      return known || (isPoints(text) && decodePoints(text) !== undefined) ? text : undefined
    }
  }
}

const longest = 40

const shown = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/** The initial value in the visitor's words. */
const labelOf = (control: Control): string => {
  const { initial } = control
  const named = control.kind === 'choice' ? control.options : control.kind === 'cloud' ? control.presets : []
  const label = named.find(({ value }) => value === initial)?.label
  return label === undefined ? textOf(initial) : `"${label}"`
}
