import type { Backend } from '@monge/backend'

/** Whether a backend computes with loops of its own, and not by tensor operations, each of which has its price. */
export const isEngine = ({ vectors }: Backend): boolean =>
  vectors.scope(() => vectors.fromArray([0]) instanceof Float64Array)
