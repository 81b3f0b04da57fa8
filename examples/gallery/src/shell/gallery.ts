import { pageAt } from '../address.js'
import { failureOf } from '../failure.js'
import { experiments } from '../experiments/index.js'
import { element } from './element.js'
import { home } from './home.js'

/** Something that fills the page, and stops its work when it is left. */
export interface View {
  readonly title: string
  readonly element: HTMLElement
  /** A new address of the same experiment. */
  readonly renew?: (address: string) => void
  readonly leave: () => void
}

const told = (title: string, words: string): View => ({
  title,
  element: element(
    'div',
    {},
    element('h1', {}, title),
    element('p', {}, words),
    element('p', {}, element('a', { href: '#/' }, 'All experiments')),
  ),
  leave: () => undefined,
})

const viewAt = async (id: string, address: string): Promise<View> => {
  if (id === '') return home(experiments)
  const entry = experiments.find((one) => one.id === id)
  if (entry === undefined) return told('There is no such page', `The gallery has no experiment “${id}”.`)
  // The home page does without what draws and plays.
  const [{ page }, { experimentView }] = await Promise.all([entry.load(), import('./experiment-view.js')])
  return experimentView(page, address)
}

const viewOrFault = async (id: string, address: string): Promise<View> => {
  try {
    return await viewAt(id, address)
  } catch (error) {
    return told('This page did not load', failureOf(error).message)
  }
}

/** Shows the page that the address names, from now on. */
export const gallery = (root: Document, place: Window): void => {
  const main = root.querySelector<HTMLElement>('#main')
  if (main === null) return
  let shown: { readonly id: string; readonly view: View } | undefined
  let asked = 0

  const show = async (first: boolean): Promise<void> => {
    const address = place.location.hash
    const id = pageAt(address)
    if (!first && shown !== undefined && shown.id === id && shown.view.renew !== undefined)
      return shown.view.renew(address)
    const own = (asked += 1)
    const view = await viewOrFault(id, address)
    // Another address was chosen while this page was on its way.
    if (own !== asked) return view.leave()
    shown?.view.leave()
    shown = { id, view }
    root.title = id === '' ? 'Monge: a live gallery' : `${view.title} – Monge`
    main.replaceChildren(view.element)
    if (first) return
    place.scrollTo(0, 0)
    main.focus({ preventScroll: true })
  }

  place.addEventListener('hashchange', () => void show(false))
  root.querySelector('[data-skip]')?.addEventListener('click', (event) => {
    // The address belongs to the experiments.
    event.preventDefault()
    main.focus()
  })
  void show(true)
}
