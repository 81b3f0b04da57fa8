import { brushed, dotted } from '../clouds/brush.js'
import type { Place } from '../clouds/brush.js'
import { cloudOf } from '../clouds/cloud-of.js'
import { decodePoints, encodePoints, isPoints } from '../clouds/encoding.js'
import { element } from './element.js'
import './cloud-editor.css'
import { paintCloud } from './paint-cloud.js'
import type { CloudControl } from '../experiment.js'

/** Points of a preset that are shown. */
const shown = 400

/** How far an arrow key moves the brush. */
const stride = 0.04

/** Strokes that can be undone. */
const memory = 50

/** What the list of presets calls a cloud that is none of them. */
const own = 'drawn'

const directions: ReadonlyMap<string, Place> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, 1]],
  ['ArrowDown', [0, -1]],
])

const clamped = (value: number): number => Math.min(1, Math.max(0, value))

const button = (words: string, pressed: () => void): HTMLButtonElement => {
  const made = element('button', { type: 'button' }, words)
  made.addEventListener('click', pressed)
  return made
}

/**
 * The control of a cloud: presets; a square to draw in with a pointer, or with the arrow keys and the space bar; and
 * pictures, chosen or dropped. `changed` is told of each new value, of a stroke when it ends.
 */
export const cloudEditor = (control: CloudControl, initial: string, changed: (value: string) => void): HTMLElement => {
  const { name, label, help, presets } = control
  const identity = `control-${name}`
  const select = element('select', { id: identity })
  select.append(...presets.map(({ value, label: words }) => new Option(words, value)), new Option('Drawn by you', own))
  const canvas = element('canvas', {
    class: 'cloud-canvas',
    width: 320,
    height: 320,
    tabindex: 0,
    role: 'application',
    'aria-label': `${label}: draw here`,
    'aria-describedby': `${identity}-keys`,
  })
  const status = element('p', { class: 'cloud-status', role: 'status' })
  const picker = element('input', { type: 'file', accept: 'image/*', hidden: true, 'aria-label': `${label}: a picture` })

  let value = initial
  // What was drawn; none while a preset is shown.
  let points: readonly number[] = []
  let before: readonly string[] = []
  let brush: Place = [0.5, 0.5]
  let last: Place | undefined
  let cleared = false

  const paint = (): void => {
    const cloud = points.length > 0 || cleared ? points : cloudOf(value, shown, 1)
    paintCloud(canvas, cloud, document.activeElement === canvas ? brush : undefined)
  }

  const show = (next: string): void => {
    value = next
    cleared = false
    points = Array.from(decodePoints(next) ?? [])
    select.value = isPoints(next) ? own : next
    paint()
  }

  const take = (next: string, words: string): void => {
    if (next !== value) {
      before = [...before.slice(1 - memory), value]
      changed(next)
    }
    show(next)
    status.textContent = words
  }

  const told = (): string => `${points.length / 2} points.`
  const takeDrawn = (): void => take(encodePoints(points), told())

  const undo = (): void => {
    if (cleared) return show(value)
    const previous = before.at(-1)
    if (previous === undefined) return
    before = before.slice(0, -1)
    changed(previous)
    show(previous)
    status.textContent = 'Undone.'
  }

  // The next stroke begins anew; until then the run keeps the cloud that it has.
  const clear = (): void => {
    points = []
    cleared = true
    select.value = own
    status.textContent = 'Empty: draw something.'
    canvas.focus()
    paint()
  }

  const takePicture = async (file: Blob | undefined): Promise<void> => {
    if (file === undefined) return
    try {
      // Loaded when first needed: few visitors bring pictures.
      const { pointsOfPicture } = await import('../clouds/picture.js')
      take(await pointsOfPicture(file), 'Points of your picture.')
    } catch (error) {
      status.textContent = error instanceof Error ? error.message : String(error)
    }
  }

  const placeOf = (event: PointerEvent): Place => {
    const { left, top, width, height } = canvas.getBoundingClientRect()
    return [clamped((event.clientX - left) / width), clamped(1 - (event.clientY - top) / height)]
  }

  select.addEventListener('change', () => {
    if (select.value !== own) return take(select.value, '')
    points = Array.from(cloudOf(value, shown, 1))
    takeDrawn()
  })

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    canvas.setPointerCapture(event.pointerId)
    brush = last = placeOf(event)
    points = dotted(points, last)
    paint()
  })
  canvas.addEventListener('pointermove', (event) => {
    if (last === undefined) return
    const next = placeOf(event)
    points = brushed(points, last, next)
    brush = last = next
    paint()
  })
  const lift = (): void => {
    if (last === undefined) return
    last = undefined
    takeDrawn()
  }
  canvas.addEventListener('pointerup', lift)
  canvas.addEventListener('pointercancel', lift)

  canvas.addEventListener('keydown', (event) => {
    const direction = directions.get(event.key)
    if (direction !== undefined) {
      brush = [clamped(brush[0] + stride * direction[0]), clamped(brush[1] + stride * direction[1])]
      paint()
    } else if (event.key === ' ' || event.key === 'Enter') {
      points = dotted(points, brush)
      takeDrawn()
    } else if (event.key === 'Backspace') undo()
    else if (event.key === 'Delete') clear()
    else return
    event.preventDefault()
  })
  canvas.addEventListener('focus', paint)
  canvas.addEventListener('blur', paint)

  picker.addEventListener('change', () => {
    void takePicture(picker.files?.[0])
    picker.value = ''
  })

  const holder = element(
    'div',
    { class: 'control cloud' },
    element('label', { for: identity }, label),
    select,
    ...(help === undefined ? [] : [element('p', { class: 'help' }, help)]),
    canvas,
    element(
      'p',
      { class: 'cloud-keys', id: `${identity}-keys` },
      'Draw here, or drop a picture. Keys: arrows move, space draws, backspace undoes.',
    ),
    element(
      'div',
      { class: 'cloud-buttons' },
      button('Undo', undo),
      button('Clear', clear),
      button('Picture…', () => picker.click()),
      picker,
    ),
    status,
  )
  const dropping = (on: boolean) => (): void => void holder.classList.toggle('dropping', on)
  holder.addEventListener('dragover', (event) => {
    event.preventDefault()
    dropping(true)()
  })
  holder.addEventListener('dragleave', dropping(false))
  holder.addEventListener('drop', (event) => {
    event.preventDefault()
    dropping(false)()
    void takePicture(event.dataTransfer?.files[0])
  })
  show(initial)
  return holder
}
