import type { CloudControl } from '../experiment.js'

/** The control of a cloud: presets, drawing, dropping a picture. `changed` is told of each new value. */
export const cloudEditor = (
  control: CloudControl,
  initial: string,
  changed: (value: string) => void,
): HTMLElement => {
  const holder = document.createElement('div')
  holder.className = 'control'
  const label = document.createElement('label')
  label.textContent = control.label
  const select = document.createElement('select')
  select.id = label.htmlFor = `control-${control.name}`
  for (const { value, label: words } of control.presets) select.append(new Option(words, value, false, value === initial))
  select.addEventListener('change', () => changed(select.value))
  holder.append(label, select)
  return holder
}
