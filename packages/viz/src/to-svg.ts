import { around, nearMarks } from './near.js'
import type { Box, Circle, DotCloud, Group, Mark, Path, Pixel, Rectangle, Scene, Segment, Style, Text } from './scene.js'
import { attributes, escapeXml, short } from './xml.js'

type Pair = readonly [string, string | undefined]

const maybe = (value: number | undefined): string | undefined => (value === undefined ? undefined : short(value))

const styleOf = (style: Style = {}): readonly Pair[] => [
  ['fill', style.fill],
  ['stroke', style.stroke],
  ['stroke-width', maybe(style.strokeWidth)],
  ['opacity', maybe(style.opacity)],
  ['stroke-dasharray', style.dash?.map(short).join(' ')],
  ['stroke-linecap', style.cap],
  ['shape-rendering', style.crisp === true ? 'crispEdges' : undefined],
]

const boxOf = (box: Box): readonly Pair[] => [
  ['x', short(box.x)],
  ['y', short(box.y)],
  ['width', short(box.width)],
  ['height', short(box.height)],
]

const element = (name: string, pairs: readonly Pair[], content?: string): string =>
  content === undefined ? `<${name}${attributes(pairs)}/>` : `<${name}${attributes(pairs)}>${content}</${name}>`

const circle = ({ centre, radius, style }: Circle): string =>
  element('circle', [['cx', short(centre[0])], ['cy', short(centre[1])], ['r', short(radius)], ...styleOf(style)])

const dots = ({ centres, radius, colours, style }: DotCloud): string => {
  const each = Array.from({ length: centres.length / 2 }, (_, index) =>
    circle({
      kind: 'circle',
      centre: [centres[2 * index] ?? 0, centres[2 * index + 1] ?? 0],
      radius: typeof radius === 'number' ? radius : (radius[index] ?? 0),
      ...(colours === undefined ? {} : { style: { fill: colours[index] ?? 'none' } }),
    }),
  )
  return style === undefined ? each.join('') : element('g', styleOf(style), each.join(''))
}

const segment = ({ from, to, style }: Segment): string =>
  element('line', [
    ['x1', short(from[0])],
    ['y1', short(from[1])],
    ['x2', short(to[0])],
    ['y2', short(to[1])],
    ...styleOf(style),
  ])

const polyline =
  (closed: boolean) =>
  (line: readonly Pixel[]): string =>
    line.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('') + (closed ? 'Z' : '')

const path = ({ lines, closed = false, style }: Path): string =>
  element('path', [
    ['d', lines.map(polyline(closed)).join('')],
    ['fill-rule', closed ? 'evenodd' : undefined],
    ...styleOf(closed || style?.fill !== undefined ? style : { ...style, fill: 'none' }),
  ])

const rectangle = ({ box, style }: Rectangle): string => element('rect', [...boxOf(box), ...styleOf(style)])

const text = ({ at, text: words, size, anchor, weight, turn, style }: Text): string =>
  element(
    'text',
    [
      ['x', short(at[0])],
      ['y', short(at[1])],
      ['font-size', short(size)],
      ['text-anchor', anchor === 'start' ? undefined : anchor],
      ['font-weight', weight === 'bold' ? '600' : undefined],
      ['transform', turn === undefined ? undefined : `rotate(${short(turn)} ${short(at[0])} ${short(at[1])})`],
      ...styleOf(style),
    ],
    escapeXml(words),
  )

const transformOf = ({ move, scale }: Group): string | undefined => {
  const moved = move === undefined ? [] : [`translate(${short(move[0])} ${short(move[1])})`]
  const scaled = scale === undefined ? [] : [`scale(${short(scale)})`]
  const steps = [...moved, ...scaled]
  return steps.length === 0 ? undefined : steps.join(' ')
}

// A nested <svg> clips to its box without an identifier, which would clash once two pictures stand in one page.
const clipped = (box: Box, content: string): string =>
  element(
    'svg',
    [...boxOf(box), ['viewBox', [box.x, box.y, box.width, box.height].map(short).join(' ')], ['overflow', 'hidden']],
    content,
  )

const group = (mark: Group): string => {
  // What lies far outside is not seen, and programs that draw SVG have numbers that they do not bear.
  const marks = mark.clip === undefined ? mark.marks : nearMarks(around(mark.clip))(mark.marks)
  const content = marks.map(draw).join('')
  const inner = mark.clip === undefined ? content : clipped(mark.clip, content)
  return element('g', [['class', mark.name], ['transform', transformOf(mark)], ...styleOf(mark.style)], inner)
}

const draw = (mark: Mark): string => {
  switch (mark.kind) {
    case 'circle':
      return circle(mark)
    case 'dots':
      return dots(mark)
    case 'segment':
      return segment(mark)
    case 'path':
      return path(mark)
    case 'rectangle':
      return rectangle(mark)
    case 'text':
      return text(mark)
    case 'group':
      return group(mark)
  }
}

/**
 * The scene as a self-contained SVG document, the same text for the same scene.
 *
 * It scales with the page it stands in, carries the scene's title and description for screen readers, escapes all text,
 * and rounds coordinates to a hundredth of a pixel.
 *
 * @throws InvalidArgument for a number in the scene that is not finite
 */
export const toSvg = (scene: Scene): string => {
  const { width, height, title, description, background, marks } = scene
  const whole: Box = { x: 0, y: 0, width, height }
  const paper: readonly Mark[] =
    background === undefined ? [] : [{ kind: 'rectangle', box: whole, style: { fill: background } }]
  return element(
    'svg',
    [
      ['xmlns', 'http://www.w3.org/2000/svg'],
      ['width', short(width)],
      ['height', short(height)],
      ['viewBox', `0 0 ${short(width)} ${short(height)}`],
      ['role', 'img'],
      ['aria-label', title],
      ['font-family', 'Inter, system-ui, sans-serif'],
    ],
    [
      element('title', [], escapeXml(title)),
      ...(description === undefined ? [] : [element('desc', [], escapeXml(description))]),
      ...[...paper, ...marks].map(draw),
    ].join(''),
  )
}
