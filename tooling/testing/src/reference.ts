import type { Backend } from '@monge/backend'

/** The reference backend, to compare with, also in suites of packages that may not import it. */
export const reference = async (): Promise<Backend> => (await import('@monge/backend-reference')).referenceBackend()
