import { describe, expect, test } from 'vitest'
import { dotCount, plot, scatter, toSvg } from './index.js'
import { placedDots } from './dots.js'
import { rgbaOf } from './rgba.js'
import type { Scene } from './index.js'

const circlesIn = (svg: string): readonly string[] => svg.match(/<circle [^>]*>/g) ?? []

const spiral = (count: number): { readonly data: Float32Array; readonly shape: readonly [number, number] } => ({
  data: Float32Array.from({ length: 2 * count }, (_, index) =>
    index % 2 === 0 ? Math.cos(index) * index : Math.sin(index - 1) * index,
  ),
  shape: [count, 2],
})

describe('dots', () => {
  test('are printed as the circles that they stand for', () => {
    const scene: Scene = {
      width: 20,
      height: 10,
      title: 'dots',
      marks: [
        {
          kind: 'group',
          style: { fill: 'red' },
          marks: [
            { kind: 'dots', centres: Float32Array.of(1, 2, 3, 4), radius: 0.5 },
            {
              kind: 'dots',
              centres: Float32Array.of(5, 6, 7, 8),
              radius: Float32Array.of(1, 2),
              colours: ['blue', '#0f0'],
              style: { opacity: 0.5 },
            },
          ],
        },
      ],
    }
    expect(toSvg(scene)).toContain(
      '<g fill="red"><circle cx="1" cy="2" r="0.5"/><circle cx="3" cy="4" r="0.5"/>' +
        '<g opacity="0.5"><circle cx="5" cy="6" r="1" fill="blue"/><circle cx="7" cy="8" r="2" fill="#0f0"/></g></g>',
    )
    expect(dotCount(scene)).toBe(4)
  })

  test('are what a large scatter is made of: one circle of SVG for each point with weight', () => {
    const points = spiral(700)
    const weights = Float32Array.from({ length: 700 }, (_, index) => index % 7)
    const scene = plot({ title: 'many' })([scatter({ points, weights })])
    expect(dotCount(scene)).toBe(600)
    expect(circlesIn(toSvg(scene))).toHaveLength(600)
  })

  test('lie where the circles of a small scatter lie', () => {
    const { data } = spiral(500)
    const large = plot({ title: 'same' })([scatter({ points: { data, shape: [500, 2] }, inkPerMass: 9000 })])
    // The same plot, of two halves that are each below the number from which dots are one mark.
    const frame = scatter({ points: { data, shape: [500, 2] } })
    const halves = [data.subarray(0, 500), data.subarray(500)].map((half) =>
      scatter({ points: { data: half, shape: [250, 2] }, weights: new Float32Array(250).fill(1 / 500), inkPerMass: 9000 }),
    )
    const small = plot({ title: 'same' })(halves.map((layer) => ({ ...layer, extent: frame.extent })))
    const numbers = (scene: Scene): readonly number[] =>
      circlesIn(toSvg(scene)).flatMap((circle) => (circle.match(/\d+(?:\.\d+)?/g) ?? []).map(Number))
    const [one, other] = [numbers(large), numbers(small)]
    expect(one).toHaveLength(other.length)
    for (const [index, number] of one.entries()) expect(Math.abs(number - (other[index] ?? NaN))).toBeLessThanOrEqual(0.011)
  })

  test('are placed, painted and cut as the groups around them say', () => {
    const dots = { kind: 'dots', centres: Float32Array.of(1, 1), radius: 2 } as const
    const scene: Scene = {
      width: 100,
      height: 100,
      title: 'nested',
      marks: [
        {
          kind: 'group',
          move: [10, 20],
          scale: 2,
          clip: { x: 0, y: 0, width: 30, height: 10 },
          style: { fill: 'green', opacity: 0.5 },
          marks: [{ kind: 'group', move: [5, 5], clip: { x: 0, y: 0, width: 100, height: 100 }, style: { opacity: 0.5 }, marks: [dots] }],
        },
      ],
    }
    expect(placedDots(scene)).toEqual([
      {
        cloud: dots,
        scale: 2,
        move: [20, 30],
        fill: 'green',
        opacity: 0.25,
        clip: { x: 20, y: 30, width: 50, height: 10 },
      },
    ])
  })
})

test('colours are read in every form that scales of colours give', () => {
  expect(rgbaOf('#0af')).toEqual([0, 170, 255, 255])
  expect(rgbaOf('#0072b2')).toEqual([0, 114, 178, 255])
  expect(rgbaOf('#11223380')).toEqual([17, 34, 51, 128])
  expect(rgbaOf('rgb(68, 1, 84)')).toEqual([68, 1, 84, 255])
  expect(rgbaOf('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3, 128])
})
