import { readFileSync } from 'node:fs'
import { mongeError } from '@monge/errors'
import { PNG } from 'pngjs'
import { densityOf } from './density.js'
import type { Density } from './density.js'
import { reasonOf } from './reason.js'

const bytesOf = (where: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    throw mongeError('InvalidArgument', where, `cannot read ${path}: ${reasonOf(error)}`, error)
  }
}

const pixelsOf = (where: string, path: string): PNG => {
  const bytes = bytesOf(where, path)
  try {
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

/**
 * A PNG picture as a density: the darker a pixel, the more mass. What is transparent counts as white paper.
 *
 * @param where the option that named it, for errors
 * @throws InvalidArgument if it cannot be read, is no PNG, or is blank
 */
export const picture = (where: string, path: string): Density => {
  const { data, width, height } = pixelsOf(where, path)
  const density = densityOf(data, width, height)
  if (!density.mass.some((value) => value > 0))
    throw mongeError('InvalidArgument', where, `${path} is blank: it has no dark pixel to sample points from`)
  return density
}
