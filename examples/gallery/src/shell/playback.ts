import { element } from './element.js'
import type { PlayerState } from './player.js'

export interface PlaybackActions {
  readonly toggle: () => void
  readonly step: () => void
  readonly reset: () => void
  readonly seek: (position: number) => void
}

export interface Playback {
  readonly element: HTMLElement
  readonly show: (state: PlayerState) => void
}

const button = (label: string, act: () => void): HTMLButtonElement => {
  const made = element('button', { type: 'button' }, label)
  made.addEventListener('click', act)
  return made
}

/** Play, step, start over; and, where the frames are a finite list, a slider through them. */
export const playback = (mode: 'run' | 'slider', actions: PlaybackActions): Playback => {
  const toggle = button('Pause', actions.toggle)
  toggle.classList.add('primary')
  const step = button('Step', actions.step)
  const reset = button('Reset', actions.reset)
  const time = element('input', { type: 'range', id: 'time', min: 0, max: 0, step: 1, value: 0 })
  const output = element('output', { for: 'time' })
  time.addEventListener('input', () => actions.seek(time.valueAsNumber))
  const slider = element(
    'div',
    { class: 'time' },
    element('label', { for: 'time' }, 'Along the path'),
    time,
    output,
  )
  const bar = element('div', { class: 'buttons', role: 'group', 'aria-label': 'Playing' }, toggle, step, reset)
  return {
    element: element('div', { class: 'playback' }, bar, ...(mode === 'slider' ? [slider] : [])),
    show: ({ phase, playing, count, position }) => {
      toggle.textContent = playing ? 'Pause' : 'Play'
      toggle.disabled = phase === 'failed' || (mode === 'run' && phase === 'done')
      step.disabled = phase === 'failed' || (mode === 'run' ? phase === 'done' : position >= count - 1)
      if (mode === 'run') return
      time.max = String(Math.max(0, count - 1))
      time.value = String(position)
      output.textContent = `${Math.min(count, position + 1)} / ${count}`
      time.setAttribute('aria-valuetext', `frame ${position + 1} of ${count}`)
    },
  }
}
