import { readFileSync, statSync } from 'node:fs'
import { mongeError } from '@monge/errors'
import { PNG } from 'pngjs'
import { densityOf } from './density.js'
import type { Density } from './density.js'
import { reasonOf } from './reason.js'

/** Bytes of a file, and pixels of a picture, that are read: a few bytes may stand for any number of pixels. */
const [mostBytes, mostPixels] = [2 ** 26, 2 ** 24]

const bytesOf = (where: string, path: string): Buffer => {
  try {
    const stats = statSync(path)
    // A pipe or a device may never come to an end.
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is no file')
    if (stats.size > mostBytes) throw new Error(`it has ${stats.size} bytes, more than ${mostBytes}`)
    return readFileSync(path)
  } catch (error) {
    throw mongeError('InvalidArgument', where, `cannot read ${path}: ${reasonOf(error)}`, error)
  }
}

const pixelsOf = (where: string, path: string): PNG => {
  const bytes = bytesOf(where, path)
  try {
    const [width, height] = sizeTold(bytes)
    if (width * height > mostPixels) throw new Error(`it has ${width} by ${height} pixels, more than ${mostPixels}`)
    return PNG.sync.read(bytes)
  } catch (error) {
    throw mongeError(
      'InvalidArgument',
      where,
      `${path} is not a PNG picture that can be read: ${reasonOf(error)}`,
      error,
    )
  }
}

/** What the header says, which comes first: width and height, big-endian, after a signature and the chunk's own head. */
const sizeTold = (bytes: Buffer): readonly [number, number] =>
  bytes.length < 24 ? [0, 0] : [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]

/**
 * A PNG picture as a density: the darker a pixel, the more mass. What is transparent counts as white paper.
 *
 * @param where the option that named it, for errors
 * @throws InvalidArgument if it cannot be read, is too large, is no PNG, or is blank
 */
export const picture = (where: string, path: string): Density => {
  const { data, width, height } = pixelsOf(where, path)
  const density = densityOf(data, width, height)
  if (!density.mass.some((value) => value > 0))
    throw mongeError('InvalidArgument', where, `${path} is blank: it has no dark pixel to sample points from`)
  return density
}
