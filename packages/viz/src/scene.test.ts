import { isMongeError } from '@monge/errors'
import { describe, expect, test } from 'vitest'
import {
  colourAlong,
  curves,
  density,
  heatMap,
  planLines,
  plot,
  scatter,
  smallMultiples,
  timeStrips,
  toSvg,
} from './index.js'

const tagged = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return isMongeError(error) ? `${error.tag} ${error.message}` : `untyped ${String(error)}`
  }
  return 'no error'
}

const square = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
]

describe('what cannot be drawn is refused', () => {
  const cases: readonly (readonly [string, () => unknown, string])[] = [
    ['no points', () => scatter({ points: [] }), 'InvalidArgument scatter: points: is empty'],
    [
      'NaN',
      () => scatter({ points: [[0, NaN]] }),
      'InvalidArgument scatter: points[0]: entry 1 is NaN, expected a finite number',
    ],
    [
      'three coordinates',
      () => scatter({ points: [[0, 1, 2]] }),
      'InvalidArgument scatter: points: point 0 has 3 coordinates, a picture needs 2',
    ],
    [
      'ragged points',
      () => scatter({ points: [[0, 1], [2]] }),
      'InvalidArgument scatter: points: row 1 has 1 entries, row 0 has 2',
    ],
    [
      'a shape that disagrees',
      () => scatter({ points: { data: [1, 2, 3], shape: [2, 2] } }),
      'InvalidArgument scatter: points: has 3 entries, its shape [2, 2] asks for 4',
    ],
    [
      'too few weights',
      () => scatter({ points: square, weights: [1] }),
      'InvalidArgument scatter: weights: has 1 entries for 4 points',
    ],
    [
      'a negative weight',
      () => scatter({ points: square, weights: [1, -1, 1, 1] }),
      'InvalidArgument scatter: weights: entry 1 is -1, expected a number of at least 0',
    ],
    [
      'no mass',
      () => density({ points: square, weights: [0, 0, 0, 0] }),
      'InvalidArgument density: weights: has no mass',
    ],
    [
      'too few colours',
      () => scatter({ points: square, colour: ['red'] }),
      'InvalidArgument scatter: colour: has 1 entries for 4 points',
    ],
    [
      'too few velocities',
      () => scatter({ points: square, velocities: [[0, 0]] }),
      'InvalidArgument scatter: velocities: has 1 rows for 4 points',
    ],
    [
      'a plan entry out of range',
      () => planLines({ from: square, to: square, plan: { rows: [4], columns: [0], masses: [1] } }),
      'InvalidArgument planLines: plan: has an entry in row 4 of 4',
    ],
    [
      'a plan without mass',
      () => planLines({ from: square, to: square, plan: { rows: [], columns: [], masses: [] } }),
      'InvalidArgument planLines: plan: has no mass',
    ],
    ['no series', () => curves([]), 'InvalidArgument curves: has no series'],
    [
      'x and y of different lengths',
      () => curves([{ x: [1, 2], y: [1] }]),
      'InvalidArgument curves: series 0 has 2 x and 1 y',
    ],
    [
      'infinite cells',
      () => heatMap({ values: [[0, Infinity]] }),
      'InvalidArgument heatMap: values[0]: entry 1 is Infinity, expected a finite number',
    ],
    [
      'zero on a log axis',
      () => plot({ title: '', y: { kind: 'log' } })([curves([{ x: [1, 2], y: [0, 1] }])]),
      'InvalidArgument plot: y: a log axis takes numbers above 0, got 0',
    ],
    ['nothing to draw', () => plot({ title: '' })([]), 'InvalidArgument plot: has nothing to draw'],
    [
      'an unknown option',
      () => plot(Object.assign({ title: '' }, { widht: 3 }))([scatter({ points: square })]),
      'InvalidOption plot: unknown option "widht" (known: title, description, width, height, axes, x, y, equal)',
    ],
    [
      'a negative width',
      () => plot({ title: '', width: -1 })([scatter({ points: square })]),
      'InvalidOption plot: width: expected a number above 0, got -1',
    ],
    ['no panels', () => smallMultiples({ title: '' })([]), 'InvalidArgument smallMultiples: has no panels'],
    ['no frames', () => timeStrips({ title: '' })([]), 'InvalidArgument timeStrips: has no frames'],
    [
      'a scene with an infinite number',
      () => toSvg({ width: 1, height: 1, title: '', marks: [{ kind: 'circle', centre: [0, 0], radius: Infinity }] }),
      'InvalidArgument toSvg: a mark has the number Infinity',
    ],
    [
      'numbers that span no finite range',
      () => plot({ title: '' })([curves([{ x: [-1e308, 1e308], y: [0, 1] }])]),
      'InvalidArgument plot: x: the numbers from -1e+308 to 1e+308 span no finite range',
    ],
  ]
  test.each(cases)('%s', (_, run, message) => expect(tagged(run)).toBe(message))
})

describe('toSvg', () => {
  test('tells readers who cannot see the picture what it is', () => {
    const svg = toSvg({ width: 20, height: 10, title: 'A & B', description: 'a < b', marks: [] })
    expect(svg).toContain('role="img" aria-label="A &amp; B"')
    expect(svg).toContain('<title>A &amp; B</title><desc>a &lt; b</desc>')
  })

  test('rounds to a hundredth of a pixel, and writes no negative zero', () => {
    const svg = toSvg({
      width: 1,
      height: 1,
      title: '',
      marks: [{ kind: 'circle', centre: [-0.001, 1 / 3], radius: 2 }],
    })
    expect(svg).toContain('<circle cx="0" cy="0.33" r="2"/>')
  })
})

describe('curves', () => {
  test('on a log axis place decades at equal distances, labelled as powers of ten', () => {
    const svg = toSvg(plot({ title: '', y: { kind: 'log' } })([curves([{ x: [0, 1, 2], y: [1e-6, 1e-3, 1] }])]))
    expect(svg).toContain('>10⁻⁶<')
    expect(svg).toContain('>1<')
    const path = /<path d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)" fill="none" stroke="#0072b2"/.exec(svg)
    const [low = NaN, middle = NaN, high = NaN] = path?.slice(1).map(Number) ?? []
    expect(low - middle).toBeCloseTo(middle - high, 1)
  })
})

describe('a heat map', () => {
  test('joins equal cells of a row, and paints ends of the range in the ends of the map', () => {
    const svg = toSvg(
      plot({ title: '', axes: 'none' })([
        heatMap({
          values: [
            [0, 0, 0],
            [0, 0, 1],
          ],
        }),
      ]),
    )
    expect(svg.match(/<path/g)).toHaveLength(2)
    expect(svg).toContain(`fill="${colourAlong({ map: 'viridis', domain: [0, 1] }, 0)}"`)
    expect(svg).toContain(`fill="${colourAlong({ map: 'viridis', domain: [0, 1] }, 1)}"`)
  })

  test('puts the middle of a map for differences at 0', () => {
    const [key] = [heatMap({ values: [[-1, 3]], map: 'blue-red' }).colourKey]
    expect(key?.scale.domain).toEqual([-3, 3])
  })
})

describe('plan lines', () => {
  test('keep the heaviest entries only', () => {
    const masses = [
      [0.1, 0.2],
      [0.3, 0.4],
    ]
    const svg = toSvg(
      plot({ title: '', axes: 'none' })([
        planLines({
          from: [
            [0, 0],
            [0, 1],
          ],
          to: [
            [1, 0],
            [1, 1],
          ],
          plan: masses,
          top: 2,
        }),
      ]),
    )
    expect(svg.match(/M/g)).toHaveLength(2)
  })
})
