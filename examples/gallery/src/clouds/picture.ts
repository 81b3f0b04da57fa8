import { cloud } from '@monge-examples/gradient-flows/cloud'
import { densityOf } from '@monge-tooling/stories/density'
import type { Density } from '@monge-tooling/stories/density'
import { encodePoints } from './encoding.js'

/** Points that a picture is sampled to. */
const count = 1200

/** Pixels along the longer side: finer than points can tell. */
const finest = 256

/** Draws a picture small, and reads its pixels. */
const pixelsOf = (image: HTMLImageElement): ImageData => {
  const scale = finest / Math.max(image.naturalWidth, image.naturalHeight, 1)
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser draws no pictures')
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

const loaded = async (file: Blob): Promise<ImageData> => {
  const address = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    return pixelsOf(image)
  } finally {
    URL.revokeObjectURL(address)
  }
}

/**
 * Points of the dark parts of a picture, as the value of a `cloud` control: the longer side spans a good part of the
 * square, the shorter is centred.
 */
export const pointsOfDensity = (density: Density): string => {
  const { width, height } = density
  const side = Math.max(width, height)
  const margin = 0.06
  const place = (value: number, length: number): number =>
    margin + (1 - 2 * margin) * (value + (side - length) / (2 * side))
  return encodePoints(
    cloud(density, count, 1, 0).flatMap(([x, y]) => [place(x, width), place(y, height)]),
  )
}

/**
 * A picture file of any kind that the browser shows, as the value of a `cloud` control.
 *
 * @throws Error, in words for the visitor, if it is no picture or has nothing dark
 */
export const pointsOfPicture = async (file: Blob): Promise<string> => {
  const { data, width, height } = await loaded(file).catch(() => {
    throw new Error('That is no picture that this browser can read.')
  })
  const density = densityOf(data, width, height)
  if (!density.mass.some((value) => value > 0)) throw new Error('That picture has no dark part to take points from.')
  return pointsOfDensity(density)
}
