import type { Scene } from '@monge/viz'
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

/** Buttons that export and share. */
export const exportMenu = (source: ExportSource): HTMLElement => {
  const menu = document.createElement('div')
  menu.className = 'exports'
  menu.dataset['page'] = source.page.id
  return menu
}
