import type { Laplace } from '@monge-examples/posterior/laplace'
import type { Estimate } from '@monge-examples/posterior/show'

/** What the picture shows besides the draws of each chain. */
export interface Extra {
  readonly laplace: Laplace
  readonly estimates: readonly Estimate[]
}
