/** Things kept along a run: all of them, or evenly spaced ones once there were more than `most`. */
export interface Kept<A> {
  readonly add: (one: A) => void
  readonly all: () => readonly A[]
  readonly clear: () => void
}

export const keep = <A>(most: number): Kept<A> => {
  let kept: A[] = []
  let latest: A | undefined
  let stride = 1
  let count = 0
  return {
    add: (one) => {
      latest = one
      if (count % stride === 0) kept.push(one)
      count += 1
      if (kept.length <= most) return
      kept = kept.filter((_, index) => index % 2 === 0)
      stride *= 2
    },
    // The latest always, so that what is drawn of them ends where the run is.
    all: () => (latest === undefined || kept.at(-1) === latest ? [...kept] : [...kept, latest]),
    clear: () => {
      kept = []
      latest = undefined
      stride = 1
      count = 0
    },
  }
}
