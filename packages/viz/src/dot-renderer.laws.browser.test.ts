import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { dotRenderer, drawScene } from './index.js'
import type { DotCloud, Scene } from './index.js'

/*
 * Dots on the GPU are where a canvas has them: apart from each other, so that glass upon glass is nowhere.
 */

const [width, height, cell] = [64, 48, 16]

const colour = fc.constantFrom('#ff0000', '#0072b2', 'rgb(10, 200, 30)')
const cells = Array.from({ length: (width * height) / cell ** 2 }, (_, index) => [index % (width / cell), Math.floor((index * cell) / width)] as const)
const dot = fc.record({ radius: fc.integer({ min: 4, max: 28 }).map((quarters) => quarters / 4), colour })
const cloud: fc.Arbitrary<DotCloud> = fc
  .record({ places: fc.subarray(cells), dots: fc.array(dot, { minLength: cells.length, maxLength: cells.length }), opacity: fc.constantFrom(1, 0.5), plain: fc.boolean() })
  .map(({ places, dots, opacity, plain }) => ({
    kind: 'dots',
    centres: Float32Array.from(places.flatMap(([column, row]) => [cell * (column + 0.5), cell * (row + 0.5)])),
    radius: plain ? 6 : Float32Array.from(places, (_, index) => dots[index]?.radius ?? 1),
    ...(plain ? {} : { colours: places.map((_, index) => dots[index]?.colour ?? 'none') }),
    style: { opacity, fill: 'rgb(90, 0, 90)' },
  }))

const canvasOf = (ratio: number): HTMLCanvasElement =>
  Object.assign(document.createElement('canvas'), { width: width * ratio, height: height * ratio })

test('dots on the GPU are those on a canvas', () => {
  for (const ratio of [1, 2]) {
    const [canvas, plain] = [canvasOf(ratio), canvasOf(ratio)]
    const [renderer, context, gl] = [dotRenderer(canvas), plain.getContext('2d', { willReadFrequently: true }), canvas.getContext('webgl2')]
    if (renderer === undefined || context === null || gl === null) throw new Error('no WebGL')
    fc.assert(
      fc.property(cloud, (one) => {
        const scene: Scene = { width, height, title: 'dots', marks: [one] }
        renderer.draw(scene, ratio)
        drawScene(context, ratio)(scene)
        const [columns, rows] = [canvas.width, canvas.height]
        const bytes = new Uint8Array(4 * columns * rows)
        gl.readPixels(0, 0, columns, rows, gl.RGBA, gl.UNSIGNED_BYTE, bytes)
        const expected = context.getImageData(0, 0, columns, rows).data
        let [apart, astray] = [0, 0]
        for (let row = 0; row < rows; row++)
          for (let column = 0; column < columns; column++) {
            // WebGL counts rows from the bottom, and its colours are premultiplied.
            const [there, here] = [4 * ((rows - 1 - row) * columns + column), 4 * (row * columns + column)]
            const alpha = (expected[here + 3] ?? 0) / 255
            for (let channel = 0; channel < 4; channel++) {
              const wanted = channel === 3 ? 255 * alpha : alpha * (expected[here + channel] ?? 0)
              const far = Math.abs((bytes[there + channel] ?? NaN) - wanted)
              apart += far
              // On the rim of a dot each smooths in its own way.
              if ((alpha === 0 || alpha === 1) && far > 128) astray++
            }
          }
        const ink = Math.max(1, expected.reduce((sum, value) => sum + value, 0))
        expect(astray).toBe(0)
        expect(apart / (ink + 255 * 40)).toBeLessThan(0.08)
      }),
      { numRuns: runs(100) },
    )
    renderer.dispose()
  }
})
