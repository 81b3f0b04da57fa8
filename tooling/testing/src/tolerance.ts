import type { Place, Precision } from '@monge/backend'

/** What a test allows, by the precision of the backend it runs on. */
export const tolerance = (backend: Pick<Place, 'precision'>, allowed: Readonly<Record<Precision, number>>): number =>
  allowed[backend.precision]
