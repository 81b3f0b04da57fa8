import { toSvg } from '@monge/viz'
import type { Scene } from '@monge/viz'
import { element } from '../shell/element.js'
import { dataOf } from './data.js'
import { download } from './download.js'
import { fileName } from './file-name.js'
import './exports.css'
import { copyLink } from './share.js'
import { thinned } from './thinned.js'
import type { BackendName, Frame, Page, Settings, Size } from '../experiment.js'

/** What can be exported of an open experiment, asked for when the visitor asks. */
export interface ExportSource {
  readonly page: Page
  readonly settings: () => Settings
  readonly backend: () => BackendName
  /** The frame that is shown, if there is one yet. */
  readonly frame: () => Frame | undefined
  /** Frames of this run so far, evenly spaced over its steps if there were more than some hundreds. */
  readonly history: () => readonly Frame[]
  /** The picture of a frame, of the stage's size unless another is given. */
  readonly scene: (frame: Frame, size?: Size) => Scene
  /** Says something to the visitor, and to screen readers. */
  readonly announce: (message: string) => void
}

/** Pixels across of a PNG file, at least, and of an animation, at most. */
const pictureWidth = 1600
const filmWidth = 600

/** Frames of an animation, at most: more make files that nobody sends. */
const filmLength = 120

const filmDelay = 60
const filmRest = 1500

/** Buttons that export and share. */
export const exportMenu = (source: ExportSource): HTMLElement => {
  const { page, announce } = source

  const svg = async (frame: Frame): Promise<void> =>
    download(fileName(page.id, frame.step, 'svg'), new Blob([toSvg(source.scene(frame))], { type: 'image/svg+xml' }))

  // What draws pixels is loaded when it is first needed.
  const png = async (frame: Frame): Promise<void> => {
    const { toPng } = await import('./raster.js')
    const scene = source.scene(frame)
    const ratio = Math.max(2, pictureWidth / scene.width)
    download(fileName(page.id, frame.step, 'png'), await toPng(scene, ratio))
  }

  const animation = async (frame: Frame): Promise<void> => {
    const { toGif } = await import('./to-gif.js')
    const seen = source.history()
    const scenes = thinned(seen.length > 0 ? seen : [frame], filmLength).map((one) => source.scene(one))
    const ratio = Math.min(1, filmWidth / (scenes[0]?.width ?? filmWidth))
    announce(`Drawing ${scenes.length} frames.`)
    const film = { scenes, ratio, delay: filmDelay, lastDelay: filmRest }
    let told = 0
    const made = await toGif(film, (share) => {
      if (share < 1 && share - told < 0.25) return
      told = share
      announce(`Drawing: ${Math.round(100 * share)}%.`)
    })
    download(fileName(page.id, undefined, 'gif'), made)
  }

  const data = async (frame: Frame): Promise<void> => {
    const recorded = { page, settings: source.settings(), backend: source.backend(), frame, history: source.history() }
    const text = JSON.stringify(dataOf(recorded), null, 1)
    download(fileName(page.id, frame.step, 'json'), new Blob([text], { type: 'application/json' }))
  }

  const exporter = (kind: string, help: string, write: (frame: Frame) => Promise<void>): HTMLButtonElement => {
    const button = element('button', { type: 'button', title: help, 'data-export': kind.toLowerCase() }, kind)
    button.addEventListener('click', () => {
      const frame = source.frame()
      if (frame === undefined) return announce('There is nothing to save yet.')
      button.disabled = true
      write(frame)
        .then(() => announce(`The ${kind} file is saved.`))
        .catch((error: unknown) => announce(`No ${kind} file: ${error instanceof Error ? error.message : String(error)}`))
        .finally(() => {
          button.disabled = false
        })
    })
    return button
  }

  const field = element('input', { type: 'text', readonly: true, hidden: true, 'aria-label': 'Link to these settings' })
  const share = element('button', { type: 'button', 'data-export': 'link', title: 'A link that opens this page as it is set' }, 'Copy link')
  share.addEventListener('click', () => {
    // The shell keeps the address in step with the settings.
    void copyLink(location.href, field).then(announce)
  })

  return element(
    'div',
    { class: 'exports', role: 'group', 'aria-label': 'Share and save', 'data-page': page.id },
    share,
    field,
    exporter('SVG', 'The picture as it is, in lines', svg),
    exporter('PNG', 'The picture as it is, in pixels', png),
    exporter('GIF', 'An animation of the steps so far', animation),
    exporter('JSON', 'Settings, readings and points', data),
  )
}
