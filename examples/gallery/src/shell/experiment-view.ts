import { element } from './element.js'
import type { Page } from '../experiment.js'
import type { View } from './gallery.js'

/** An open experiment. */
export const experimentView = (page: Page, _query: string): View => ({
  title: page.title,
  element: element('div', {}, element('h1', {}, page.title)),
  leave: () => undefined,
})
