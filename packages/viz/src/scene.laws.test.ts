import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { curves, density, heatMap, planLines, plot, scatter, smallMultiples, timeStrips, toSvg } from './index.js'
import type { Box, Circle, Group, Layer, Mark, Pixel, Scene } from './index.js'

const coordinate = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const point = fc.tuple(coordinate, coordinate)
const pixel = fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -999, max: 999 }))
const weight = fc.double({ min: 0.01, max: 10, noNaN: true })

interface Cloud {
  readonly points: (readonly [number, number])[]
  readonly weights: number[]
}

const cloud: fc.Arbitrary<Cloud> = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.record({
    points: fc.array(point, { minLength: n, maxLength: n }),
    weights: fc.array(weight, { minLength: n, maxLength: n }),
  }),
)

const wording = fc.string({ unit: 'binary', maxLength: 20 })

// Every kind of layer, with text wherever text can stand.
const everything = ({ points, weights }: Cloud, text: string): Scene =>
  plot({ title: text, description: text, x: { label: text } })([
    density({ points }),
    planLines({ from: points, to: points, plan: points.map(() => weights) }),
    scatter({ points, weights, velocities: points, label: text }),
    curves([{ x: weights, y: weights, label: text }]),
    heatMap({ values: [weights], map: 'blue-red', label: text }),
  ])

const isGroup = (mark: Mark): mark is Group => mark.kind === 'group'

const flatten = (marks: readonly Mark[]): readonly Mark[] =>
  marks.flatMap((mark) => (isGroup(mark) ? [mark, ...flatten(mark.marks)] : [mark]))

const circlesOf = (scene: Scene): readonly Circle[] =>
  flatten(scene.marks)
    .filter((mark): mark is Group => isGroup(mark) && mark.name === 'dots')
    .flatMap((group) => group.marks.filter((mark): mark is Circle => mark.kind === 'circle'))

const dataOf = (scene: Scene): readonly Group[] =>
  flatten(scene.marks).filter((mark): mark is Group => isGroup(mark) && mark.name === 'data')

const boxOf = (scene: Scene): Box => dataOf(scene)[0]?.clip ?? { x: 0, y: 0, width: 0, height: 0 }

const within = ([x, y]: Pixel, box: Box, radius: number): boolean =>
  x - radius >= box.x - 1e-6 &&
  x + radius <= box.x + box.width + 1e-6 &&
  y - radius >= box.y - 1e-6 &&
  y + radius <= box.y + box.height + 1e-6

const nowhere: Pixel = [NaN, NaN]

const freeze = <A>(value: A): A => {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

const parse = (xml: string): { readonly errors: readonly string[]; readonly texts: readonly string[] } => {
  const parser = new SaxesParser({ xmlns: true })
  const errors: string[] = []
  const texts: string[] = []
  parser.on('error', (error) => errors.push(error.message))
  parser.on('text', (words) => texts.push(words))
  parser.write(xml).close()
  return { errors, texts }
}

describe('a scene as SVG', () => {
  test('is well-formed XML, whatever is written in it', () => {
    fc.assert(
      fc.property(cloud, wording, (one, words) => {
        expect(parse(toSvg(everything(one, words))).errors).toEqual([])
      }),
    )
  })

  test('has no number but finite ones', () => {
    fc.assert(
      fc.property(cloud, (one) => {
        expect(toSvg(everything(one, ''))).not.toMatch(/NaN|Infinity|undefined/)
      }),
    )
  })

  test('keeps every text that XML can hold', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (words) => {
        const scene = { width: 1, height: 1, title: words, marks: [] }
        expect(parse(toSvg(scene)).texts.join('')).toBe(words)
      }),
    )
  })

  test('is the same for the same data', () => {
    fc.assert(
      fc.property(cloud, (one) => {
        const draw = (): string => toSvg(plot({ title: 'twice' })([scatter(one), density(one)]))
        expect(draw()).toBe(draw())
      }),
    )
  })
})

describe('a scatter', () => {
  test('gives dots areas in proportion to their weights', () => {
    fc.assert(
      fc.property(cloud, ({ points, weights }) => {
        const ratios = circlesOf(plot({ title: 'areas' })([scatter({ points, weights })])).map(
          ({ radius }, index) => radius ** 2 / (weights[index] ?? NaN),
        )
        expect(ratios).toHaveLength(points.length)
        for (const ratio of ratios) expect(ratio / (ratios[0] ?? NaN)).toBeCloseTo(1, 9)
      }),
    )
  })

  test('keeps that proportion across layers and panels', () => {
    fc.assert(
      fc.property(cloud, cloud, (one, other) => {
        const scene = smallMultiples({ title: 'areas' })([
          { layers: [scatter(one)] },
          { layers: [scatter(other), scatter(one)] },
        ])
        const weights = [...one.weights, ...other.weights, ...one.weights]
        const ratios = circlesOf(scene).map(({ radius }, index) => radius ** 2 / (weights[index] ?? NaN))
        expect(ratios).toHaveLength(weights.length)
        for (const ratio of ratios) expect(ratio / (ratios[0] ?? NaN)).toBeCloseTo(1, 9)
      }),
    )
  })

  test('draws every dot whole, within the frame', () => {
    fc.assert(
      fc.property(cloud, fc.boolean(), (one, equal) => {
        const scene = plot({ title: 'inside', equal })([scatter(one)])
        for (const { centre, radius } of circlesOf(scene)) expect(within(centre, boxOf(scene), radius)).toBe(true)
      }),
    )
  })

  test('is higher on the page where y is larger', () => {
    fc.assert(
      fc.property(cloud, ({ points }) => {
        const dots = circlesOf(plot({ title: 'upwards' })([scatter({ points })]))
        const [lowest, highest] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))]
        const low = dots[points.findIndex(([, y]) => y === lowest)]?.centre[1] ?? NaN
        const high = dots[points.findIndex(([, y]) => y === highest)]?.centre[1] ?? NaN
        expect(low).toBeGreaterThanOrEqual(high)
      }),
    )
  })

  test('has units of one length along both axes if they are equal', () => {
    fc.assert(
      fc.property(fc.tuple(pixel, pixel, pixel), (points) => {
        const scene = plot({ title: 'equal', equal: true })([scatter({ points })])
        const centres = circlesOf(scene).map(({ centre }) => centre)
        const [a = nowhere, b = nowhere, c = nowhere] = centres
        const [p, q, r] = points
        const pixels = Math.hypot(b[0] - a[0], b[1] - a[1]) * Math.hypot(r[0] - p[0], r[1] - p[1])
        const units = Math.hypot(c[0] - a[0], c[1] - a[1]) * Math.hypot(q[0] - p[0], q[1] - p[1])
        expect(Math.abs(pixels - units)).toBeLessThanOrEqual(1e-9 * (pixels + units) + 1e-6)
      }),
    )
  })
})

describe('layers', () => {
  test('leave what they are given as it was, down to frozen arrays', () => {
    fc.assert(
      fc.property(cloud, (one) => {
        const frozen = freeze({ points: one.points, weights: one.weights })
        const before = JSON.stringify(frozen)
        const layers = freeze([
          scatter(frozen),
          density(frozen),
          curves(freeze([{ x: frozen.weights, y: frozen.weights }])),
        ])
        toSvg(freeze(plot(freeze({ title: 'frozen' }))(layers)))
        expect(JSON.stringify(frozen)).toBe(before)
      }),
    )
  })

  test('hold copies: what the caller changes later is not drawn', () => {
    fc.assert(
      fc.property(cloud, ({ points, weights }) => {
        const data = new Float64Array(points.flat())
        const shares = new Float64Array(weights)
        const layer = scatter({ points: { data, shape: [points.length, 2] }, weights: shares })
        const before = toSvg(plot({ title: 'copies' })([layer]))
        data.fill(0)
        shares.fill(0)
        expect(toSvg(plot({ title: 'copies' })([layer]))).toBe(before)
      }),
    )
  })
})

describe('small multiples', () => {
  const panelsOf = (scene: Scene): readonly Group[] =>
    flatten(scene.marks).filter((mark): mark is Group => isGroup(mark) && mark.name === 'panel')

  test('put the same point at the same place in every panel', () => {
    fc.assert(
      fc.property(cloud, cloud, (one, other) => {
        const scene = smallMultiples({ title: 'shared', equal: true })([
          { layers: [scatter(one), scatter(other)] },
          { layers: [scatter(one)] },
        ])
        const [left, right] = panelsOf(scene).map((panel) => circlesOf({ ...scene, marks: [panel] }))
        expect(right?.map(({ centre }) => centre)).toEqual(
          left?.slice(0, one.points.length).map(({ centre }) => centre),
        )
      }),
    )
  })

  test('do not overlap, and lie in the picture', () => {
    fc.assert(
      fc.property(
        fc.array(cloud, { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 4 }),
        (clouds, columns) => {
          const scene = smallMultiples({ title: 'apart', columns })(
            clouds.map((one): { layers: readonly Layer[] } => ({ layers: [scatter(one)] })),
          )
          const boxes = panelsOf(scene).map(({ move = [0, 0], marks }): Box => {
            const box = flatten(marks)
              .filter(isGroup)
              .find(({ name }) => name === 'data')?.clip
            return {
              x: move[0] + (box?.x ?? 0),
              y: move[1] + (box?.y ?? 0),
              width: box?.width ?? 0,
              height: box?.height ?? 0,
            }
          })
          expect(boxes).toHaveLength(clouds.length)
          for (const [index, box] of boxes.entries()) {
            expect(
              within(
                [box.x, box.y],
                { x: 0, y: 0, width: scene.width - box.width, height: scene.height - box.height },
                0,
              ),
            ).toBe(true)
            for (const next of boxes.slice(index + 1))
              expect(next.x >= box.x + box.width || next.y >= box.y + box.height).toBe(true)
          }
        },
      ),
    )
  })

  test('are what time strips are made of', () => {
    fc.assert(
      fc.property(cloud, (one) => {
        const layers = [scatter(one)]
        const strips = timeStrips({ title: 'time' })([
          {
            frames: [
              { time: 0, layers },
              { time: 0.5, layers },
            ],
          },
        ])
        const panels = smallMultiples({ title: 'time', columns: 2 })([
          { title: 't = 0', layers },
          { title: 't = 0.5', layers },
        ])
        expect(toSvg(strips)).toBe(toSvg(panels))
      }),
    )
  })
})
