import { picture } from '@monge-tooling/stories'
import { cross, heart, pointsOf } from './forms.js'
import type { Shape } from './forms.js'

const shape = (where: string, path: string | undefined, own: Shape): Shape =>
  path === undefined ? own : { name: path, points: pointsOf(picture(where, path)) }

/** What flows: a cross that is drawn here, or the user's picture. */
export const sourceShape = (path?: string): Shape => shape('--source', path, cross)

/** What it flows onto: a heart, or the user's picture. */
export const targetShape = (path?: string): Shape => shape('--target', path, heart)
