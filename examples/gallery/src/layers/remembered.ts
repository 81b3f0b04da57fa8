import type { Frame, Layer, Mark } from '@monge/viz'

const keyOf = ({ box, x, y }: Frame): string =>
  [box.x, box.y, box.width, box.height, ...x.domain, ...y.domain].join(' ')

/** A layer that does not change and takes long to draw: drawn once for each frame that it is seen in. */
export const remembered = (layer: Layer): Layer => {
  let drawn: { readonly key: string; readonly marks: readonly Mark[] } | undefined
  return {
    ...layer,
    draw: (frame) => {
      const key = keyOf(frame)
      if (drawn?.key !== key) drawn = { key, marks: layer.draw(frame) }
      return drawn.marks
    },
  }
}
