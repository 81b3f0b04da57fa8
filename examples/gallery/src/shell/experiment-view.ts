import { addressOf, settingsAt } from '../address.js'
import { failureOf } from '../failure.js'
import { exportMenu } from '../exports/index.js'
import { controlsOf } from './controls.js'
import { curvePanels } from './curve-panels.js'
import { debounced } from './debounced.js'
import { element } from './element.js'
import { keep } from './history.js'
import { playback } from './playback.js'
import { player } from './player.js'
import { readingsOf } from './readings.js'
import { stage } from './stage.js'
import { backendLabels, timings } from './timings.js'
import type { BackendName, ChoiceControl, Frame, Page, Settings } from '../experiment.js'
import type { Failure } from '../messages.js'
import type { View } from './gallery.js'
import type { PlayerState } from './player.js'

// A slider that is being dragged restarts the run when it rests.
const rest = 200

// How often those who hear the page are told how it goes.
const telling = 8000

// Frames for animations and data: as many as a short film has.
const mostFrames = 240

const still = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

const backendControl = ({ backends }: Page): ChoiceControl => ({
  kind: 'choice',
  name: 'backend',
  label: 'Computed by',
  options: backends.map((value) => ({ value, label: backendLabels[value] })),
  initial: backends[0] ?? 'simd',
})

const failureText = ({ tag, message }: Failure): string => `${tag}: ${message}`

/** An open experiment: its picture, its controls, what it reads, and the worker that computes it. */
export const experimentView = (page: Page, address: string): View => {
  const backendChoice = backendControl(page)
  const addressed = { id: page.id, controls: [...page.controls, backendChoice] }

  let settings: Settings = {}
  let shown: Frame | undefined
  let toldAt = 0

  // Readings are seen where they are; what else there is to say is seen and heard.
  const status = element('p', { class: 'unseen', role: 'status' })
  const notice = element('p', { class: 'notice', role: 'status' })
  const fault = element('p', { class: 'fault', role: 'alert', hidden: true })
  const announce = (message: string): void => {
    toldAt = performance.now()
    status.textContent = message
  }
  const notify = (message: string): void => {
    notice.textContent = message
  }
  const complain = (message: string | undefined): void => {
    fault.hidden = message === undefined
    fault.textContent = message ?? ''
  }

  const backend = (): BackendName => page.backends.find((name) => name === settings['backend']) ?? 'simd'
  const pictures = stage(() => redraw())
  const panels = curvePanels(page.curves)
  const numbers = readingsOf(page.readings)
  const times = timings()
  const history = keep<Frame>(mostFrames)

  const redraw = (): void => {
    panels.refresh('at once')
    if (shown !== undefined) draw(shown)
  }

  const draw = (frame: Frame): void => {
    try {
      pictures.draw(page.draw(frame, settings, pictures.size()))
    } catch (error) {
      playing.pause()
      complain(failureText(failureOf(error)))
    }
  }

  const computed = (frame: Frame, milliseconds: number, steps: number): void => {
    times.add(backend(), milliseconds, steps)
    if (page.mode === 'slider') panels.add(frame)
  }

  const show = (frame: Frame): void => {
    shown = frame
    // Frames are counted: two may be of one step.
    root.dataset['shown'] = String(1 + Number(root.dataset['shown'] ?? 0))
    numbers.show(frame)
    if (page.mode === 'run') {
      history.add(frame)
      panels.add(frame)
    }
    draw(frame)
    panels.refresh()
    if (performance.now() - toldAt > telling) announce(numbers.words(frame))
  }

  const changed = (state: PlayerState): void => {
    const { phase, playing: plays, failure } = state
    controls.show(state)
    root.dataset['phase'] = phase
    root.dataset['playing'] = String(plays)
    if (failure !== undefined) complain(failureText(failure))
    if (phase === 'done' && shown !== undefined && root.dataset['told'] !== 'done') {
      panels.refresh('at once')
      announce(`Done. ${numbers.words(shown)}`)
    }
    root.dataset['told'] = phase
  }

  const playing = player(page, { changed, computed, show })

  const begin = (plays: boolean): void => {
    complain(undefined)
    shown = undefined
    delete root.dataset['shown']
    history.clear()
    panels.clear()
    playing.restart(settings, backend(), plays)
  }
  const later = debounced(() => begin(!still() || playing.state().playing), rest)

  const set = (name: string, value: number | string | boolean): void => {
    settings = { ...settings, [name]: value }
    delete root.dataset['shown']
    // Timings of backends are compared under the same settings.
    if (name !== 'backend') times.clear()
    window.history.replaceState(null, '', addressOf(addressed)(settings))
    later.ask()
  }

  const toggle = (): void => {
    const { playing: plays } = playing.state()
    if (!plays) return playing.play()
    playing.pause()
    if (shown !== undefined) announce(`Paused. ${numbers.words(shown)}`)
  }
  const step = (): void => {
    playing.step()
    toldAt = 0
  }
  const reset = (): void => {
    later.drop()
    begin(playing.state().playing)
    announce('Started over.')
  }
  const controls = playback(page.mode, { toggle, step, reset, seek: playing.seek })

  const keys: Readonly<Record<string, () => void>> = { ' ': toggle, ArrowRight: step, Home: reset }
  pictures.element.tabIndex = 0
  pictures.element.setAttribute('role', 'group')
  pictures.element.setAttribute('aria-label', 'Picture. Space plays and pauses, right arrow steps, Home starts over.')
  pictures.element.addEventListener('keydown', (event) => {
    const act = keys[event.key]
    if (act === undefined || event.target !== pictures.element) return
    event.preventDefault()
    act()
  })

  const form = element('form', { class: 'controls', 'aria-label': 'Settings' })
  form.addEventListener('submit', (event) => event.preventDefault())
  const machine = element('div', { class: 'machine' })

  const renew = (from: string): void => {
    const asked = settingsAt(addressed)(from)
    settings = asked.settings
    form.replaceChildren(...controlsOf(page.controls, settings, set))
    machine.replaceChildren(...controlsOf([backendChoice], settings, set), times.element)
    begin(!still())
    if (asked.faults.length > 0) complain(asked.faults.join(' '))
  }

  const menu = exportMenu({
    page,
    settings: () => settings,
    backend,
    frame: () => shown,
    history: () => (page.mode === 'run' ? history.all() : playing.frames()),
    scene: (frame, size = pictures.size()) => page.draw(frame, settings, size),
    announce: notify,
  })

  const root = element(
    'div',
    { class: 'experiment', 'data-phase': 'starting', 'data-experiment': page.id },
    element('h1', {}, page.title),
    element('p', { class: 'lead' }, page.about[0] ?? ''),
    element(
      'div',
      { class: 'panes' },
      element(
        'div',
        { class: 'seen' },
        pictures.element,
        element('div', { class: 'running' }, controls.element, machine),
        fault,
        numbers.element,
        panels.element,
      ),
      element('div', { class: 'set' }, form, menu, notice),
      element(
        'div',
        { class: 'about' },
        ...page.about.slice(1).map((words) => element('p', {}, words)),
        element('p', {}, 'The same, from the command line: ', element('code', {}, page.source), ' of the project.'),
      ),
    ),
    status,
  )

  renew(address)
  return {
    title: page.title,
    element: root,
    renew,
    leave: () => {
      later.drop()
      playing.close()
      pictures.close()
    },
  }
}
