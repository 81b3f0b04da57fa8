import { cloudEditor } from './cloud-editor.js'
import { element } from './element.js'
import { placeBeside, placeOf, places, valueAt, ways } from './slider.js'
import type { ChoiceControl, Control, RangeControl, Settings, SwitchControl } from '../experiment.js'

type Changed = (value: number | string | boolean) => void

const helpOf = ({ name, help }: Control): readonly HTMLElement[] =>
  help === undefined ? [] : [element('p', { class: 'help', id: `help-${name}` }, help)]

const common = (control: Control): { readonly id: string; readonly 'aria-describedby': string | undefined } => ({
  id: `control-${control.name}`,
  'aria-describedby': control.help === undefined ? undefined : `help-${control.name}`,
})

const range = (control: RangeControl, initial: number, changed: Changed): HTMLElement => {
  const { logarithmic, name } = control
  const input = element('input', {
    type: 'range',
    ...common(control),
    ...(logarithmic === true
      ? { min: 0, max: places, step: 1 }
      : { min: control.min, max: control.max, step: control.step }),
  })
  input.value = String(placeOf(control, initial))
  const output = element('output', { for: `control-${name}` })
  const tell = (value: number): void => {
    const words = String(Number(value.toPrecision(6)))
    output.textContent = words
    input.setAttribute('aria-valuetext', words)
  }
  tell(initial)
  input.addEventListener('input', () => {
    const value = valueAt(control, input.valueAsNumber)
    tell(value)
    changed(value)
  })
  input.addEventListener('keydown', (event) => {
    const way = ways[event.key]
    if (logarithmic !== true || way === undefined || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    input.valueAsNumber = placeBeside(control, input.valueAsNumber, way)
    input.dispatchEvent(new Event('input'))
  })
  const label = element('label', { for: `control-${name}` }, control.label)
  return element('div', { class: 'control' }, element('div', { class: 'named' }, label, output), input, ...helpOf(control))
}

const choice = (control: ChoiceControl, initial: string, changed: Changed): HTMLElement => {
  const select = element(
    'select',
    common(control),
    ...control.options.map(({ value, label }) => element('option', { value, selected: value === initial }, label)),
  )
  select.addEventListener('change', () => changed(select.value))
  return element(
    'div',
    { class: 'control' },
    element('label', { for: select.id }, control.label),
    select,
    ...helpOf(control),
  )
}

const toggle = (control: SwitchControl, initial: boolean, changed: Changed): HTMLElement => {
  const input = element('input', { type: 'checkbox', role: 'switch', ...common(control), checked: initial })
  input.addEventListener('change', () => changed(input.checked))
  const label = element('label', { for: input.id, class: 'toggle' }, input, element('span', {}, control.label))
  return element('div', { class: 'control' }, label, ...helpOf(control))
}

const controlOf = (control: Control, value: Settings[string] | undefined, changed: Changed): HTMLElement => {
  switch (control.kind) {
    case 'range':
      return range(control, typeof value === 'number' ? value : control.initial, changed)
    case 'choice':
      return choice(control, typeof value === 'string' ? value : control.initial, changed)
    case 'switch':
      return toggle(control, typeof value === 'boolean' ? value : control.initial, changed)
    case 'cloud':
      return cloudEditor(control, typeof value === 'string' ? value : control.initial, changed)
  }
}

/**
 * The controls of a page, as native inputs with labels; those that have no effect as things stand are hidden. `changed` is
 * told of a setting's new value.
 */
export const controlsOf = (
  controls: readonly Control[],
  settings: Settings,
  changed: (name: string, value: number | string | boolean) => void,
): readonly HTMLElement[] => {
  const values = new Map(controls.map(({ name, initial }) => [name, settings[name] ?? initial]))
  const elements = controls.map((control) =>
    controlOf(control, settings[control.name], (value) => {
      values.set(control.name, value)
      hide()
      changed(control.name, value)
    }),
  )
  const hide = (): void =>
    controls.forEach(({ where }, index) => {
      const shown = where === undefined || values.get(where.name) === where.is
      elements[index]?.toggleAttribute('hidden', !shown)
    })
  hide()
  return elements
}
