import type { Box, DotCloud, Group, Mark, Path, Pixel, Rectangle } from './scene.js'

/*
 * Marks cut off at a box. What a clip hides anyway need not be in the picture, and numbers in the millions must not be:
 * there are programs that end when they draw them.
 */

/** A box three times as wide and as high, around it: cuts along its edge cannot be seen within. */
export const around = ({ x, y, width, height }: Box): Box => {
  const room = 64
  return { x: x - width - room, y: y - height - room, width: 3 * width + 2 * room, height: 3 * height + 2 * room }
}

const inside = ([x, y]: Pixel, box: Box): boolean =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height

const isFinitePixel = ([x, y]: Pixel): boolean => Number.isFinite(x) && Number.isFinite(y)

// Beyond this, differences of coordinates would overflow; that far off nobody sees the bend.
const farthest = 1e9

const bounded = ([x, y]: Pixel): Pixel => [
  Math.min(farthest, Math.max(-farthest, x)),
  Math.min(farthest, Math.max(-farthest, y)),
]

// Liang and Barsky: the part of a segment within the box, as the two shares of its way.
const sharesWithin = ([x, y]: Pixel, [toX, toY]: Pixel, box: Box): Pixel | undefined => {
  const [alongX, alongY] = [toX - x, toY - y]
  const sides = [
    [-alongX, x - box.x],
    [alongX, box.x + box.width - x],
    [-alongY, y - box.y],
    [alongY, box.y + box.height - y],
  ] as const
  let [enter, leave] = [0, 1]
  for (const [slope, room] of sides) {
    if (slope === 0 && room < 0) return undefined
    if (slope < 0) enter = Math.max(enter, room / slope)
    if (slope > 0) leave = Math.min(leave, room / slope)
  }
  return enter <= leave ? [enter, leave] : undefined
}

const at = ([x, y]: Pixel, [toX, toY]: Pixel, share: number): Pixel =>
  share === 0 ? [x, y] : share === 1 ? [toX, toY] : [x + share * (toX - x), y + share * (toY - y)]

/** The parts of a polyline within the box. */
const piecesOf = (line: readonly Pixel[], box: Box): readonly (readonly Pixel[])[] => {
  const pieces: Pixel[][] = []
  let whole = false
  for (const [index, far] of line.slice(1).entries()) {
    const [from, to] = [bounded(line[index] ?? far), bounded(far)]
    const shares = sharesWithin(from, to, box)
    if (shares === undefined) {
      whole = false
      continue
    }
    const [enter, leave] = shares
    const piece = whole && enter === 0 ? pieces.at(-1) : undefined
    if (piece === undefined) pieces.push([at(from, to, enter), at(from, to, leave)])
    else piece.push(at(from, to, leave))
    whole = leave === 1
  }
  return pieces
}

interface Edge {
  readonly keeps: (pixel: Pixel) => boolean
  readonly meets: (from: Pixel, to: Pixel) => Pixel
}

const edgesOf = ({ x, y, width, height }: Box): readonly Edge[] => {
  const upright = (place: number, side: number): Edge => ({
    keeps: ([px]) => side * (px - place) >= 0,
    meets: (from, to) => [place, from[1] + ((to[1] - from[1]) * (place - from[0])) / (to[0] - from[0])],
  })
  const level = (place: number, side: number): Edge => ({
    keeps: ([, py]) => side * (py - place) >= 0,
    meets: (from, to) => [from[0] + ((to[0] - from[0]) * (place - from[1])) / (to[1] - from[1]), place],
  })
  return [upright(x, 1), upright(x + width, -1), level(y, 1), level(y + height, -1)]
}

/** The part of a polygon within the box (Sutherland and Hodgman). */
const ringWithin = (ring: readonly Pixel[], box: Box): readonly Pixel[] =>
  edgesOf(box).reduce<readonly Pixel[]>(
    (pixels, { keeps, meets }) =>
      pixels.flatMap((pixel, index) => {
        const before = pixels.at(index - 1) ?? pixel
        const crossing = keeps(pixel) === keeps(before) ? [] : [meets(before, pixel)]
        return keeps(pixel) ? [...crossing, pixel] : crossing
      }),
    ring.map(bounded),
  )

const pathWithin = (mark: Path, box: Box): readonly Mark[] => {
  // A line that is not finite is left to be refused.
  const cut = (line: readonly Pixel[]): readonly (readonly Pixel[])[] => {
    if (line.every((pixel) => inside(pixel, box)) || !line.every(isFinitePixel)) return [line]
    if (mark.closed !== true && mark.style?.fill === undefined) return piecesOf(line, box)
    const ring = ringWithin(line, box)
    return ring.length < 3 ? [] : [ring]
  }
  const lines = mark.lines.flatMap(cut)
  return lines.length === 0 ? [] : [{ ...mark, lines }]
}

const dotsWithin = (mark: DotCloud, box: Box): readonly Mark[] => {
  const { centres, radius, colours } = mark
  const kept = Array.from({ length: centres.length / 2 }, (_, index) => index).filter((index) => {
    const centre = [centres[2 * index] ?? 0, centres[2 * index + 1] ?? 0] as const
    return inside(centre, box) || !isFinitePixel(centre)
  })
  if (2 * kept.length === centres.length) return [mark]
  if (kept.length === 0) return []
  const some = colours === undefined ? {} : { colours: kept.map((index) => colours[index] ?? 'none') }
  return [
    {
      ...mark,
      ...some,
      centres: Float32Array.from(kept.flatMap((index) => [centres[2 * index] ?? 0, centres[2 * index + 1] ?? 0])),
      radius: typeof radius === 'number' ? radius : Float32Array.from(kept, (index) => radius[index] ?? 0),
    },
  ]
}

const rectangleWithin = (mark: Rectangle, box: Box): readonly Mark[] => {
  const { x, y, width, height } = mark.box
  if (![x, y, width, height].every(Number.isFinite)) return [mark]
  const [left, top] = [Math.max(x, box.x), Math.max(y, box.y)]
  const right = Math.min(x + width, box.x + box.width)
  const bottom = Math.min(y + height, box.y + box.height)
  if (left > right || top > bottom) return []
  const whole = left === x && top === y && right === x + width && bottom === y + height
  return whole ? [mark] : [{ ...mark, box: { x: left, y: top, width: right - left, height: bottom - top } }]
}

const groupWithin = (mark: Group, box: Box): readonly Mark[] => {
  const { move = [0, 0], scale = 1 } = mark
  if (!(scale > 0)) return [mark]
  const own: Box = {
    x: (box.x - move[0]) / scale,
    y: (box.y - move[1]) / scale,
    width: box.width / scale,
    height: box.height / scale,
  }
  return [{ ...mark, marks: nearMarks(own)(mark.marks) }]
}

const markWithin = (mark: Mark, box: Box): readonly Mark[] => {
  switch (mark.kind) {
    case 'group':
      return groupWithin(mark, box)
    case 'path':
      return pathWithin(mark, box)
    case 'dots':
      return dotsWithin(mark, box)
    case 'rectangle':
      return rectangleWithin(mark, box)
    case 'segment': {
      const [from, to] = [bounded(mark.from), bounded(mark.to)]
      if ((inside(mark.from, box) && inside(mark.to, box)) || ![mark.from, mark.to].every(isFinitePixel)) return [mark]
      const shares = sharesWithin(from, to, box)
      return shares === undefined ? [] : [{ ...mark, from: at(from, to, shares[0]), to: at(from, to, shares[1]) }]
    }
    case 'circle': {
      const { centre, radius } = mark
      const reach = { x: box.x - radius, y: box.y - radius, width: box.width + 2 * radius, height: box.height + 2 * radius }
      return inside(centre, reach) || !isFinitePixel(centre) ? [mark] : []
    }
    case 'text':
      return inside(mark.at, box) || !isFinitePixel(mark.at) ? [mark] : []
  }
}

/** The marks, without what of them is outside the box: as they are where they are wholly within. */
export const nearMarks =
  (box: Box) =>
  (marks: readonly Mark[]): readonly Mark[] =>
    marks.flatMap((mark) => markWithin(mark, box))
