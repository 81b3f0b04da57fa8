import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { drawScene, toSvg } from './index.js'
import type { Box, Canvas2D, Group, Mark, Scene, Style } from './index.js'

/*
 * What a canvas is told to paint, against what the SVG of the same scene says: two lists of shapes in pixels, from back
 * to front. Coordinates are quarters and scales powers of two, which SVG's two decimals hold exactly.
 */

type Place = readonly [scale: number, x: number, y: number]

const to = ([scale, moveX, moveY]: Place, x: number, y: number): string => `${scale * x + moveX} ${scale * y + moveY}`

/** One thing that is painted: its shape, how, and the boxes that it is cut at. */
interface Painted {
  readonly shape: string
  readonly how: string
  readonly colour: string
  readonly opacity: number
  readonly clips: readonly string[]
}

const boxAt = ([scale, moveX, moveY]: Place, { x, y, width, height }: Box): string =>
  `box ${scale * x + moveX} ${scale * y + moveY} ${scale * width} ${scale * height}`

const circleAt = (place: Place, x: number, y: number, radius: number): string =>
  `circle ${to(place, x, y)} ${place[0] * radius}`

const stroked = ([scale]: Place, width: number, dash: readonly number[], cap: string): string =>
  `stroke ${scale * width} [${dash.map((length) => scale * length).join(' ')}] ${cap}`

interface Brush {
  readonly place: Place
  readonly turn: number
  readonly alpha: number
  readonly fillStyle: string
  readonly strokeStyle: string
  readonly lineWidth: number
  readonly lineCap: string
  readonly dash: readonly number[]
  readonly font: string
  readonly textAlign: string
  readonly clips: readonly string[]
}

const fresh: Brush = {
  place: [1, 0, 0],
  turn: 0,
  alpha: 1,
  fillStyle: '#000000',
  strokeStyle: '#000000',
  lineWidth: 1,
  lineCap: 'butt',
  dash: [],
  font: '10px sans-serif',
  textAlign: 'start',
  clips: [],
}

/** A canvas that writes down what is painted on it; as a real one, it does not hear of colours that are none. */
const recorder = (): { readonly context: Canvas2D; readonly painted: readonly Painted[]; readonly settled: () => boolean } => {
  const painted: Painted[] = []
  const saved: Brush[] = []
  let brush = fresh
  let shapes: string[] = []
  const set = (change: Partial<Brush>): void => void (brush = { ...brush, ...change })
  const paint = (shape: string, how: string, colour: string): void =>
    void painted.push({ shape, how, colour, opacity: brush.alpha, clips: brush.clips })
  const line = (letter: string, x: number, y: number): void => {
    const last = shapes.at(-1)
    if (letter === 'M' || last === undefined || !last.startsWith('M')) shapes.push(`M${to(brush.place, x, y)}`)
    else shapes[shapes.length - 1] = `${last} L${to(brush.place, x, y)}`
  }
  // All circles of one path are painted, though in one stroke; of lines a path is one shape.
  const each = (how: string, colour: string): void => {
    const circles = shapes.filter((shape) => shape.startsWith('circle'))
    if (circles.length > 0) circles.forEach((shape) => paint(shape, how, colour))
    else paint(shapes.join(' '), how, colour)
  }
  const edge = (): string => stroked(brush.place, brush.lineWidth, brush.dash, brush.lineCap)
  const wordsOf = (text: string): string =>
    `text ${to(brush.place, 0, 0)} ${brush.turn} ${brush.textAlign} ${brush.font.split('px')[0]} ${brush.place[0]} ${text}`
  const context = {
    save: () => saved.push(brush),
    restore: () => void (brush = saved.pop() ?? fresh),
    setTransform: (a: number, _b: number, _c: number, _d: number, e: number, f: number) => set({ place: [a, e, f] }),
    getTransform: () => ({ a: brush.place[0], d: brush.place[0], e: brush.place[1], f: brush.place[2] }),
    translate: (x: number, y: number) => {
      const [scale, moveX, moveY] = brush.place
      set({ place: [scale, moveX + scale * x, moveY + scale * y] })
    },
    scale: (by: number) => set({ place: [brush.place[0] * by, brush.place[1], brush.place[2]] }),
    rotate: (angle: number) => set({ turn: Math.round((angle * 180) / Math.PI) }),
    clearRect: () => undefined,
    beginPath: () => void (shapes = []),
    moveTo: (x: number, y: number) => line('M', x, y),
    lineTo: (x: number, y: number) => line('L', x, y),
    closePath: () => void (shapes[shapes.length - 1] = `${shapes.at(-1)} Z`),
    rect: (x: number, y: number, width: number, height: number) =>
      void shapes.push(boxAt(brush.place, { x, y, width, height })),
    arc: (x: number, y: number, radius: number) => void (shapes[shapes.length - 1] = circleAt(brush.place, x, y, radius)),
    clip: () => set({ clips: [...brush.clips, shapes.join(' ')] }),
    fill: (rule = 'nonzero') => each(shapes.some((shape) => shape.startsWith('M')) ? `fill ${rule}` : 'fill', brush.fillStyle),
    stroke: () => each(edge(), brush.strokeStyle),
    setLineDash: (dash: readonly number[]) => set({ dash }),
    fillText: (text: string) => paint(wordsOf(text), 'fill', brush.fillStyle),
    strokeText: (text: string) => paint(wordsOf(text), edge(), brush.strokeStyle),
    set globalAlpha(alpha: number) {
      set({ alpha })
    },
    set fillStyle(fillStyle: string) {
      if (fillStyle !== 'none') set({ fillStyle })
    },
    set strokeStyle(strokeStyle: string) {
      if (strokeStyle !== 'none') set({ strokeStyle })
    },
    set lineWidth(lineWidth: number) {
      set({ lineWidth })
    },
    set lineCap(lineCap: string) {
      set({ lineCap })
    },
    set font(font: string) {
      set({ font })
    },
    set textAlign(textAlign: string) {
      set({ textAlign })
    },
  }
  return { context: context as unknown as Canvas2D, painted, settled: () => saved.length === 0 && brush === fresh }
}

/** What an element of SVG inherits. */
interface Around {
  readonly place: Place
  readonly opacity: number
  readonly clips: readonly string[]
  readonly fill: string
  readonly stroke: string
  readonly width: number
  readonly dash: readonly number[]
  readonly cap: string
}

/** What the SVG of a scene paints. */
const read = (svg: string): readonly Painted[] => {
  const painted: Painted[] = []
  const stack: Around[] = [
    { place: [1, 0, 0], opacity: 1, clips: [], fill: 'black', stroke: 'none', width: 1, dash: [], cap: 'butt' },
  ]
  let words: string | undefined
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes: given }) => {
    const outer = stack.at(-1) as Around
    const number = (key: string): number => Number(given[key] ?? NaN)
    const [, moveX = '0', moveY = '0'] = /translate\((\S+) (\S+)\)/.exec(given['transform'] ?? '') ?? []
    const [, scale = '1'] = /scale\((\S+)\)/.exec(given['transform'] ?? '') ?? []
    const [size, x, y] = outer.place
    const own: Around = {
      ...outer,
      place: [size * Number(scale), x + size * Number(moveX), y + size * Number(moveY)],
      opacity: outer.opacity * Number(given['opacity'] ?? 1),
      fill: given['fill'] ?? outer.fill,
      stroke: given['stroke'] ?? outer.stroke,
      width: Number(given['stroke-width'] ?? outer.width),
      dash: given['stroke-dasharray'] === undefined ? outer.dash : given['stroke-dasharray'].split(' ').map(Number),
      cap: given['stroke-linecap'] ?? outer.cap,
    }
    const box = { x: number('x'), y: number('y'), width: number('width'), height: number('height') }
    // The outermost <svg> is the page.
    const cut = name === 'svg' && stack.length > 1
    stack.push(cut ? { ...own, clips: [...own.clips, boxAt(own.place, box)] } : own)
    const { place, opacity, clips } = own
    const paint = (shape: string, fill = 'fill'): void => {
      if (name !== 'line' && own.fill !== 'none') painted.push({ shape, how: fill, colour: own.fill, opacity, clips })
      if (own.stroke === 'none') return
      const how = stroked(place, own.width, own.dash, own.cap)
      painted.push({ shape, how, colour: own.stroke, opacity, clips })
    }
    if (name === 'circle') paint(circleAt(place, number('cx'), number('cy'), number('r')))
    if (name === 'rect') paint(boxAt(place, box))
    if (name === 'line') paint(`M${to(place, number('x1'), number('y1'))} L${to(place, number('x2'), number('y2'))}`)
    if (name === 'path') {
      const lines = (given['d'] ?? '').replace(/([ML])(\S+?) ([^MLZ]+)/g, (_, letter: string, u: string, v: string) =>
        `${letter === 'L' ? ' ' : ''}${letter}${to(place, Number(u), Number(v))}`,
      )
      paint(lines.replace(/Z/g, ' Z').replace(/(\S)M/g, '$1 M'), `fill ${given['fill-rule'] ?? 'nonzero'}`)
    }
    if (name !== 'text') return
    const [, turn = '0'] = /rotate\((\S+) /.exec(given['transform'] ?? '') ?? []
    const anchor = given['text-anchor'] === 'middle' ? 'center' : given['text-anchor'] === 'end' ? 'right' : 'left'
    const weight = given['font-weight'] === undefined ? '' : `${given['font-weight']} `
    words = `text ${to(place, number('x'), number('y'))} ${turn} ${anchor} ${weight}${number('font-size')} ${place[0]} `
  })
  parser.on('text', (text) => {
    if (words !== undefined) words += text
  })
  parser.on('closetag', () => {
    const { place, fill, stroke, width, dash, cap, opacity, clips } = stack.pop() as Around
    if (words === undefined) return
    if (fill !== 'none') painted.push({ shape: words, how: 'fill', colour: fill, opacity, clips })
    if (stroke !== 'none') painted.push({ shape: words, how: stroked(place, width, dash, cap), colour: stroke, opacity, clips })
    words = undefined
  })
  parser.write(svg).close()
  return painted
}

const length = fc.integer({ min: 0, max: 64 }).map((quarters) => quarters / 4)
const pixel = fc.tuple(length, length)
const colour = fc.constantFrom('red', 'none', '#0072b2')
const partly = <A>(record: { readonly [Key in keyof A]: fc.Arbitrary<A[Key]> }): fc.Arbitrary<Partial<A>> =>
  fc.record(record, { requiredKeys: [] }) as fc.Arbitrary<Partial<A>>
const optional = <Key extends string, A>(key: Key, arbitrary: fc.Arbitrary<A>): fc.Arbitrary<{ readonly [K in Key]?: A }> =>
  partly({ [key]: arbitrary } as never)

const style = partly<Style>({
  fill: colour,
  opacity: fc.constantFrom(0.5, 0.25),
  stroke: colour,
  strokeWidth: fc.constantFrom(0.5, 3),
  dash: fc.constantFrom([2, 1], [4, 4]),
  cap: fc.constantFrom('butt' as const, 'round' as const),
})
const both = <A, B>(one: fc.Arbitrary<A>, other: fc.Arbitrary<B>): fc.Arbitrary<A & B> =>
  fc.tuple(one, other).map(([first, second]) => ({ ...first, ...second }))

const dots: fc.Arbitrary<Mark> = fc.nat({ max: 4 }).chain((count) =>
  both(
    fc.record({
      kind: fc.constant('dots' as const),
      centres: fc.array(length, { minLength: 2 * count, maxLength: 2 * count }).map((values) => Float32Array.from(values)),
      radius: fc.oneof(length, fc.array(length, { minLength: count, maxLength: count }).map((values) => Float32Array.from(values))),
    }),
    both(optional('style', style), optional('colours', fc.array(colour, { minLength: count, maxLength: count }))),
  ),
)
const box = fc.record({ x: length, y: length, width: length, height: length })
const leaf: fc.Arbitrary<Mark> = fc.oneof(
  dots,
  both(fc.record({ kind: fc.constant('circle' as const), centre: pixel, radius: length }), optional('style', style)),
  both(fc.record({ kind: fc.constant('segment' as const), from: pixel, to: pixel }), optional('style', style)),
  both(fc.record({ kind: fc.constant('rectangle' as const), box }), optional('style', style)),
  both(
    fc.record({ kind: fc.constant('path' as const), lines: fc.array(fc.array(pixel, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 2 }) }),
    both(optional('closed', fc.boolean()), optional('style', style)),
  ),
  both(
    fc.record({ kind: fc.constant('text' as const), at: pixel, text: fc.constantFrom('a', 'b < c'), size: fc.constantFrom(8, 12) }),
    both(
      optional('style', style),
      partly({ anchor: fc.constantFrom('start' as const, 'middle' as const, 'end' as const), weight: fc.constantFrom('normal' as const, 'bold' as const), turn: fc.constantFrom(0, -90, 45) }),
    ),
  ),
)

const groupOf = (marks: fc.Arbitrary<readonly Mark[]>): fc.Arbitrary<Group> =>
  both(
    fc.record({ kind: fc.constant('group' as const), marks }),
    both(
      optional('style', style),
      // What is clipped lies near its clip, where nothing is cut off in the SVG.
      partly<Pick<Group, 'move' | 'scale' | 'clip'>>({ move: pixel, scale: fc.constantFrom(0.5, 1), clip: box }),
    ),
  )
const few = (mark: fc.Arbitrary<Mark>): fc.Arbitrary<readonly Mark[]> => fc.array(mark, { maxLength: 3 })
const orGroups = (marks: fc.Arbitrary<readonly Mark[]>): fc.Arbitrary<Mark> => fc.oneof<fc.Arbitrary<Mark>[]>(leaf, groupOf(marks))
const scene: fc.Arbitrary<Scene> = both(
  fc.record({
    width: fc.constant(64),
    height: fc.constant(48),
    title: fc.constant('any'),
    marks: few(orGroups(few(orGroups(few(leaf))))),
  }),
  optional('background', fc.constant('white')),
)

const drawn = (given: Scene, ratio: number, options = {}): readonly Painted[] => {
  const { context, painted, settled } = recorder()
  drawScene(context, ratio, options)(given)
  expect(settled(), 'the canvas is left as it was').toBe(true)
  return painted
}

// A cloud is painted in one go where it is glass, and in a group of glass it is the group that is.
const comparable = ({ shape, how, colour: ink, opacity, clips }: Painted): string =>
  `${how} ${ink} ${opacity} ${shape.trim()} | ${clips.join(', ')}`

describe('a scene on a canvas', () => {
  test('is painted as its SVG is, mark for mark', () => {
    fc.assert(
      fc.property(scene, (given) => {
        expect(drawn(given, 1).map(comparable)).toEqual(read(toSvg(given)).map(comparable))
      }),
      { numRuns: 300 },
    )
  })

  test('is as many times as large as there are pixels to one', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const around: Scene = { ...given, background: 'white', marks: [{ kind: 'group', scale: 2, marks: given.marks }] }
        const [paper, ...rest] = drawn({ ...given, background: 'white' }, 2)
        expect(paper?.shape).toBe('box 0 0 128 96')
        expect(rest).toEqual(drawn(around, 1).slice(1))
      }),
    )
  })

  test('without its dots is the scene that has none', () => {
    const without = (marks: readonly Mark[]): readonly Mark[] =>
      marks
        .filter((mark) => mark.kind !== 'dots')
        .map((mark): Mark => (mark.kind === 'group' ? { ...mark, marks: without(mark.marks) } : mark))
    fc.assert(
      fc.property(scene, (given) => {
        expect(drawn(given, 1, { dots: false })).toEqual(drawn({ ...given, marks: without(given.marks) }, 1))
      }),
    )
  })
})
