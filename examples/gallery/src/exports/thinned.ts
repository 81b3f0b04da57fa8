/** Evenly spaced ones in their order, both ends among them, if there are more than `most`, which is 2 at least. */
export const thinned = <A>(all: readonly A[], most: number): readonly A[] =>
  all.length <= most
    ? all
    : Array.from({ length: most }, (_, index) => Math.round((index * (all.length - 1)) / (most - 1))).flatMap((at) =>
        all.slice(at, at + 1),
      )
