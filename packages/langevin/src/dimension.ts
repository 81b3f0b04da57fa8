import { mongeError } from '@monge/errors'

/** Checks the dimension of points against that of a potential, if it has one. */
export const requireDimension = (where: string, expected: number | undefined, got: number): void => {
  if (expected !== undefined && expected !== got)
    throw mongeError('DimensionMismatch', where, `expected points of dimension ${expected}, got ${got}`)
}
