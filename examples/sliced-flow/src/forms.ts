import type { Density } from '@monge-tooling/stories'

/** Points in the plane, one for each dark pixel. */
export type Cloud = readonly (readonly [number, number])[]

/** A shape, and what to call it. */
export interface Shape {
  readonly name: string
  readonly points: Cloud
}

/** How long the longer side of a shape is, as in POT's example, whose step sizes belong to that scale. */
export const side = 26
const wanted = 350

/** A picture drawn here: dark where the rule says so, on a square from -1 to 1 whose second axis points up. */
const drawn = (isInside: (x: number, y: number) => boolean): Density => ({
  width: side,
  height: side,
  mass: Array.from({ length: side * side }, (_, pixel) => {
    const x = ((pixel % side) + 0.5) / (side / 2) - 1
    const y = 1 - (Math.floor(pixel / side) + 0.5) / (side / 2)
    return isInside(x, y) ? 1 : 0
  }),
})

/** The dark pixels of a picture as points, on a grid whose stride brings their number next to 350. */
export const pointsOf = ({ width, height, mass }: Density): Cloud => {
  const unit = side / Math.max(width, height)
  const thinned = (stride: number): Cloud =>
    mass.flatMap((value, pixel) => {
      const [column, row] = [pixel % width, Math.floor(pixel / width)]
      const kept = value > 0.5 && column % stride === 0 && row % stride === 0
      return kept ? [[column * unit, (height - 1 - row) * unit] as const] : []
    })
  const strides = Array.from({ length: Math.ceil(Math.max(width, height) / 4) }, (_, k) => k + 1)
  const off = (stride: number): number => Math.abs(Math.log((thinned(stride).length + 0.1) / wanted))
  const stride = strides.reduce((one, other) => (off(other) < off(one) ? other : one), 1)
  return thinned(stride)
}

/** What flows, unless the user has a picture. */
export const cross: Shape = {
  name: 'a cross',
  points: pointsOf(
    drawn((x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.95 && Math.min(Math.abs(x), Math.abs(y)) < 0.36),
  ),
}

/** What it flows onto. */
export const heart: Shape = {
  name: 'a heart',
  points: pointsOf(
    drawn((x, y) => {
      const [u, v] = [1.2 * x, 1.2 * y + 0.1]
      return (u * u + v * v - 1) ** 3 < u * u * v ** 3
    }),
  ),
}
