import { element } from './element.js'
import { format } from './format.js'
import type { Frame, Reading } from '../experiment.js'

export interface Readings {
  readonly element: HTMLElement
  readonly show: (frame: Frame) => void
  /** The readings in one sentence, for those who hear them. */
  readonly words: (frame: Frame) => string
}

/** The numbers of a frame by name. */
export const readingsOf = (listed: readonly Reading[]): Readings => {
  const step = element('dd', {}, '–')
  const values = listed.map((reading) => ({ reading, value: element('dd', {}, '–') }))
  const rows = values.map(({ reading, value }) => element('div', {}, element('dt', {}, reading.label), value))
  const told = (frame: Frame, { reading, digits }: Reading): string => {
    const value = frame.readings[reading]
    return value === undefined ? '–' : format(value, digits)
  }
  return {
    element: element('dl', { class: 'readings' }, element('div', {}, element('dt', {}, 'Step'), step), ...rows),
    show: (frame) => {
      step.textContent = String(frame.step)
      for (const { reading, value } of values) value.textContent = told(frame, reading)
    },
    words: (frame) =>
      [`Step ${frame.step}`, ...listed.map((reading) => `${reading.label} ${told(frame, reading)}`)].join(', '),
  }
}
