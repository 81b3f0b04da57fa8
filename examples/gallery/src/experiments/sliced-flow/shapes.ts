import { cross, heart, side } from '@monge-examples/sliced-flow/forms'
import type { Cloud as Rows } from '@monge-examples/sliced-flow/forms'
import { cloudOf } from '../../clouds/cloud-of.js'
import { rowsOf } from '../../drawing.js'
import type { Settings } from '../../experiment.js'

/** The two shapes of the settings, at the scale of POT's example, to which its step sizes belong. */
export const shapesOf = ({ shapes, source, target, points, seed }: Settings): readonly [Rows, Rows] => {
  if (shapes === 'story') return [cross.points, heart.points]
  const own = (value: unknown, stream: number): Rows =>
    rowsOf(cloudOf(String(value), Number(points), Number(seed) + stream), side)
  return [own(source, 0), own(target, 1)]
}
