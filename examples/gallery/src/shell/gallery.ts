import { pageAt } from '../address.js'
import { experiments } from '../experiments/index.js'
import { experimentView } from './experiment-view.js'
import { home } from './home.js'

/** Something that fills the page, and stops its work when it is left. */
export interface View {
  readonly title: string
  readonly element: HTMLElement
  /** A new address of the same experiment. */
  readonly renew?: (address: string) => void
  readonly leave: () => void
}

const missing = (id: string): View => {
  const element = document.createElement('div')
  element.append(Object.assign(document.createElement('h1'), { textContent: 'There is no such page' }))
  element.append(Object.assign(document.createElement('p'), { textContent: `The gallery has no experiment “${id}”.` }))
  element.append(Object.assign(document.createElement('a'), { textContent: 'All experiments', href: '#/' }))
  return { title: 'No such page', element, leave: () => undefined }
}

const viewAt = async (id: string, address: string): Promise<View> => {
  if (id === '') return home(experiments)
  const entry = experiments.find((one) => one.id === id)
  if (entry === undefined) return missing(id)
  const { page } = await entry.load()
  return experimentView(page, address)
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
    const view = await viewAt(id, address)
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
