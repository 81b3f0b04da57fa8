import { element } from './element.js'
import type { Entry } from '../experiments/index.js'
import type { View } from './gallery.js'

const card = ({ id, title, summary }: Entry): HTMLElement =>
  element('li', {}, element('a', { class: 'card', href: `#/${id}` }, element('h2', {}, title), element('p', {}, summary)))

/** The list of all experiments. */
export const home = (experiments: readonly Entry[]): View => {
  const words =
    'Every example of Monge, computed in this page as you look at it: change its parameters, draw clouds of your own, ' +
    'choose what computes. Nothing is sent anywhere.'
  const page = element(
    'div',
    { class: 'home' },
    element('h1', {}, 'A live gallery of optimal transport'),
    element('p', { class: 'lead' }, words),
    element('ul', { class: 'cards', role: 'list' }, ...experiments.map(card)),
  )
  return { title: 'Home', element: page, leave: () => undefined }
}
