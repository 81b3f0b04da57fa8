import { mongeError } from '@monge/errors'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Measure } from './measure.js'

/**
 * What keeps data from being a measure, and where. `index` counts points (rows) from 0, `axis` coordinates within a
 * point; for densities and histograms `index` counts pixels in the order of the data, and bins.
 */
export type MeasureError =
  | { readonly tag: 'EmptyMeasure' }
  | { readonly tag: 'WrongRank'; readonly where: 'weights' | 'points'; readonly rank: number; readonly expected: number }
  | { readonly tag: 'WrongType'; readonly where: 'weights' | 'points'; readonly type: string }
  | { readonly tag: 'WrongLength'; readonly where: 'data' | 'edges'; readonly length: number; readonly expected: number }
  | { readonly tag: 'NoDimensions' }
  | { readonly tag: 'RaggedPoints'; readonly index: number; readonly length: number; readonly expected: number }
  | { readonly tag: 'ShapeMismatch'; readonly weights: number; readonly points: number }
  | { readonly tag: 'NotFinite'; readonly where: 'weights'; readonly index: number; readonly value: number }
  | {
      readonly tag: 'NotFinite'
      readonly where: 'points'
      readonly index: number
      readonly axis: number
      readonly value: number
    }
  | { readonly tag: 'NegativeWeight'; readonly index: number; readonly value: number }
  | { readonly tag: 'ZeroMass' }
  | { readonly tag: 'InfiniteMass' }
  | { readonly tag: 'UnorderedEdges'; readonly index: number }

/** A measure error as a sentence. */
export const describeMeasureError = (error: MeasureError): string => {
  switch (error.tag) {
    case 'EmptyMeasure':
      return 'a measure needs at least one point'
    case 'WrongRank':
      return `${error.where} have rank ${error.rank}, expected ${error.expected}`
    case 'WrongType':
      return `${error.where} are of type ${error.type}, expected numbers`
    case 'WrongLength':
      return `${error.where} have length ${error.length}, expected ${error.expected}`
    case 'NoDimensions':
      return 'points need at least one coordinate'
    case 'RaggedPoints':
      return `points[${error.index}] has ${error.length} coordinates, points[0] has ${error.expected}`
    case 'ShapeMismatch':
      return `there are ${error.weights} weights for ${error.points} points`
    case 'NotFinite': {
      const entry = error.where === 'weights' ? `weights[${error.index}]` : `points[${error.index}][${error.axis}]`
      return `${entry} is ${String(error.value)}, not a finite number of the backend’s precision`
    }
    case 'NegativeWeight':
      return `weights[${error.index}] is ${error.value}, below zero`
    case 'ZeroMass':
      return 'the weights sum to zero'
    case 'InfiniteMass':
      return 'the sum of the weights overflows the backend’s precision'
    case 'UnorderedEdges':
      return `edges[${error.index}] is not above edges[${error.index - 1}]`
  }
}

/**
 * The measure, if there is one.
 *
 * @throws InvalidMeasure with the description of what is wrong
 */
export const measureOrThrow = (result: Either<MeasureError, Measure>): Measure => {
  if ('right' in result) return result.right
  throw mongeError('InvalidMeasure', 'measure', describeMeasureError(result.left), result.left)
}

/** A failed construction. Built by hand: Either is structural, and fp-ts's module weighs more than this package. */
export const refuse = <A>(error: MeasureError): Either<MeasureError, A> => ({ _tag: 'Left', left: error })

/** A successful construction. */
export const accept = <A>(value: A): Either<MeasureError, A> => ({ _tag: 'Right', right: value })
