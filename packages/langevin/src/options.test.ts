import { isMongeError } from '@monge/errors'
import { adam } from '@monge/generators'
import { gaussian as gaussianKernel } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { square, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, test } from 'vitest'
import { reference } from '../../../tooling/testing/src/index.ts'
import {
  adapted,
  ball,
  banana,
  combine,
  cosineCycle,
  density,
  disposeState,
  doubleWell,
  draw,
  dualAveraging,
  fromFunction,
  fromTerms,
  gaussian,
  gaussianMixture,
  last,
  logisticRegression,
  mala,
  mixture,
  modeOf,
  parallelTempering,
  polynomialDecay,
  projected,
  ring,
  sgld,
  svgd,
  temper,
  ula,
  underdamped,
} from './index.js'
import type { Potential, Sampler } from './index.js'
import {
  annealedLangevin,
  contrastiveDivergence,
  geometricLevels,
  perceptronEnergy,
  residualNetwork,
  reverseDiffusion,
  scoreMatching,
  scoreModel,
  train,
} from './learned/index.js'

const place = await reference()
const plane = gaussian({ mean: [0, 0] })(place)
const terms = fromTerms({ terms: 4, value: (points) => sum(square(points), 1) })(place)
const cloud = measureOrThrow(fromArrays([[0, 1], [1, 2]], undefined, place))
const model = scoreModel({ network: residualNetwork({ dimension: 2, width: 3 }) })(place)
const network = perceptronEnergy({ dimension: 2, width: 3 })
const optimiser = adam(0.1)
const inLine = (count: number) => measureOrThrow(fromArrays(Array.from({ length: count }, (_, i) => [i]), undefined, place))
afterAll(() => disposeMeasure(cloud))

const refusal = (body: () => unknown): string => {
  try {
    body()
  } catch (error) {
    if (isMongeError(error)) return `${error.tag} at ${error.where}`
    throw error
  }
  return 'nothing'
}

const unknown = { unheard: 1 } as object

describe('what cannot be is refused before any work', () => {
  const contrastive = (options: object) => () => contrastiveDivergence({ network, place, optimiser, ...options })
  const matching = (options: object) => () => scoreMatching({ model, levels: [1], optimiser, ...options })
  const tempering = (options: object) => () => parallelTempering(plane, { temperatures: [1, 2], step: 0.1, ...options })
  test.each<readonly [string, () => unknown]>([
    ['InvalidOption at ula', () => ula(plane, { step: 1, ...unknown })],
    ['InvalidOption at ula: step', () => ula(plane, { step: -1 })],
    ['InvalidOption at ula: temperature', () => ula(plane, { step: 1, temperature: -1 })],
    ['InvalidOption at ula: preconditioner', () => ula(plane, { step: 1, preconditioner: -2 })],
    ['InvalidOption at ula: preconditioner', () => ula(plane, { step: 1, preconditioner: [1, NaN] })],
    ['InvalidOption at ula: preconditioner', () => ula(plane, { step: 1, preconditioner: [[1, 0.5], [0.25, 1]] })],
    ['InvalidOption at ula: preconditioner', () => ula(plane, { step: 1, preconditioner: [[1, 0], [0]] })],
    ['InvalidOption at ula: preconditioner', () => ula(plane, { step: 1, preconditioner: [1, 2, 3] }).init(key(1), cloud)],
    ['InvalidOption at ula: step', () => ula(plane, { step: () => 0 }).step(ula(plane, { step: 1 }).init(key(1), cloud))],
    ['DimensionMismatch at ula: constraint', () => ula(banana()(place), { step: 1, constraint: projected(ball({ centre: [0], radius: 1 })) }).init(key(1), cloud)],
    ['InvalidOption at mala', () => mala(plane, { step: 1, ...unknown })],
    ['InvalidOption at mala: step', () => mala(plane, { step: 0 })],
    ['InvalidOption at underdamped', () => underdamped(plane, { step: 1, ...unknown })],
    ['InvalidOption at underdamped: friction', () => underdamped(plane, { step: 1, friction: -1 })],
    ['InvalidOption at underdamped: temperature', () => underdamped(plane, { step: 1, temperature: -1 })],
    ['InvalidOption at sgld', () => sgld(terms, { step: 1, batch: 1, ...unknown })],
    ['InvalidOption at sgld: batch', () => sgld(terms, { step: 1, batch: 0 })],
    ['InvalidOption at sgld: temperature', () => sgld(terms, { step: 1, batch: 1, temperature: -1 })],
    ['DimensionMismatch at sgld: controlVariates', () => sgld(terms, { step: 1, batch: 1, controlVariates: [1] }).init(key(1), cloud)],
    ['DimensionMismatch at sgld: constraint', () => sgld(terms, { step: 1, batch: 1, constraint: projected(ball({ centre: [0], radius: 1 })) }).init(key(1), cloud)],
    ['InvalidOption at svgd', () => svgd(plane, { step: 1, ...unknown })(place)],
    ['InvalidOption at svgd: kernel', () => svgd(plane, { step: 1, kernel: { ...gaussianKernel(1), pairwise: { tag: 'matrix' } } as never })(place)],
    ['InvalidOption at parallelTempering', tempering(unknown)],
    ['InvalidOption at parallelTempering: temperatures', tempering({ temperatures: [1] })],
    ['InvalidOption at parallelTempering: temperatures', tempering({ temperatures: [2, 3] })],
    ['InvalidOption at parallelTempering: temperatures', tempering({ temperatures: [1, 3, 3] })],
    ['InvalidOption at parallelTempering: temperatures', tempering({ temperatures: [1, 3, 2] })],
    ['InvalidOption at parallelTempering: step', tempering({ step: [1] })],
    ['InvalidOption at parallelTempering: every', tempering({ every: 0 })],
    ['InvalidOption at dualAveraging: target', () => dualAveraging({ step: 1, target: 1 })],
    ['InvalidOption at dualAveraging: step', () => dualAveraging({ step: 0 })],
    ['InvalidOption at adapted', () => adapted((step) => mala(plane, { step }), { step: 1, iterations: 1, ...unknown })],
    ['InvalidOption at adapted: iterations', () => adapted((step) => mala(plane, { step }), { step: 1, iterations: 0 })],
    ['InvalidOption at adapted', () => adapted(mala(plane, { step: 1 }) as never, { step: 1, iterations: 1 })],
    ['InvalidOption at polynomialDecay', () => polynomialDecay({ first: 1, ...unknown })],
    ['InvalidOption at polynomialDecay: delay', () => polynomialDecay({ first: 1, delay: 0 })],
    ['InvalidOption at polynomialDecay: power', () => polynomialDecay({ first: 1, power: -1 })],
    ['InvalidOption at cosineCycle', () => cosineCycle({ first: 1, period: 2, ...unknown })],
    ['InvalidOption at cosineCycle: period', () => cosineCycle({ first: 1, period: 0 })],
    ['InvalidOption at cosineCycle: floor', () => cosineCycle({ first: 1, period: 2, floor: 2 })],
    ['InvalidOption at draw: steps', () => draw(ula(plane, { step: 1 }), key(1), cloud, { steps: 0.5 })],
    ['InvalidOption at last: steps', () => last(ula(plane, { step: 1 }), key(1), cloud, { steps: -1 })],
    ['InvalidOption at modeOf', () => modeOf(plane, [0, 0], unknown)],
    ['InvalidOption at modeOf: steps', () => modeOf(plane, [0, 0], { steps: -1 })],
    ['InvalidOption at modeOf: tolerance', () => modeOf(plane, [0, 0], { tolerance: 0 })],
    ['InvalidOption at gaussian', () => gaussian({ mean: [0], ...unknown })],
    ['InvalidOption at gaussian: mean', () => gaussian({ mean: [] })],
    ['InvalidOption at gaussian: mean', () => gaussian({ mean: 1 as never })],
    ['InvalidOption at gaussian: mean', () => gaussian({ mean: [NaN] })],
    ['InvalidOption at gaussianMixture', () => gaussianMixture({ means: [[0]], ...unknown })],
    ['InvalidOption at gaussianMixture: means', () => gaussianMixture({ means: [] })],
    ['InvalidOption at gaussianMixture: means', () => gaussianMixture({ means: 'none' as never })],
    ['InvalidOption at gaussianMixture: weights', () => gaussianMixture({ means: [[0]], weights: [1, 2] })],
    ['InvalidOption at gaussianMixture: weights', () => gaussianMixture({ means: [[0], [1]], weights: [1, 0] })],
    ['InvalidOption at gaussianMixture: covariance', () => gaussianMixture({ means: [[0]], covariance: 1, covariances: [1] })],
    ['InvalidOption at gaussianMixture: covariances', () => gaussianMixture({ means: [[0]], covariances: [1, 1] })],
    ['InvalidOption at banana', () => banana(unknown)],
    ['InvalidOption at banana: curvature', () => banana({ curvature: NaN })],
    ['InvalidOption at banana: spread', () => banana({ spread: 0 })],
    ['DimensionMismatch at banana', () => banana()(place).value(inLine(2).points)],
    ['DimensionMismatch at ula', () => ula(banana()(place), { step: 1 }).init(key(1), inLine(2))],
    ['InvalidOption at doubleWell', () => doubleWell(unknown)],
    ['InvalidOption at doubleWell: barrier', () => doubleWell({ barrier: 0 })],
    ['InvalidOption at doubleWell: distance', () => doubleWell({ distance: 0 })],
    ['InvalidOption at ring', () => ring(unknown)],
    ['InvalidOption at ring: radius', () => ring({ radius: 0 })],
    ['InvalidOption at ring: width', () => ring({ width: 0 })],
    ['InvalidOption at density', () => density(cloud, unknown)],
    ['InvalidOption at density: bandwidth', () => density(cloud, { bandwidth: 0 })],
    ['InvalidOption at density: bandwidth', () => density(measureOrThrow(fromArrays([[1], [1]], undefined, place)))],
    ['InvalidOption at fromFunction', () => fromFunction({ value: (points) => sum(points, 1), ...unknown })],
    ['InvalidOption at fromFunction: value', () => fromFunction({ value: 1 as never })],
    ['InvalidOption at fromFunction: gradient', () => fromFunction({ value: (points) => sum(points, 1), gradient: 1 as never })],
    ['InvalidOption at fromFunction: dimension', () => fromFunction({ value: (points) => sum(points, 1), dimension: 0 })],
    ['InvalidOption at fromTerms', () => fromTerms({ terms: 1, value: (points: Tensor2D) => sum(points, 1), ...unknown })],
    ['InvalidOption at fromTerms: terms', () => fromTerms({ terms: 0, value: (points: Tensor2D) => sum(points, 1) })],
    ['InvalidOption at fromTerms: value', () => fromTerms({ terms: 1, value: 1 as never })],
    ['InvalidOption at logisticRegression', () => logisticRegression({ features: [[1]], labels: [1], ...unknown })],
    ['InvalidOption at logisticRegression: features', () => logisticRegression({ features: [], labels: [] })],
    ['InvalidOption at logisticRegression: features', () => logisticRegression({ features: [[1], [1, 2]], labels: [1, 0] })],
    ['InvalidOption at logisticRegression: labels', () => logisticRegression({ features: [[1], [1]], labels: [1] })],
    ['InvalidOption at logisticRegression: labels', () => logisticRegression({ features: [[1], [1]], labels: [1, 2] })],
    ['InvalidOption at logisticRegression: priorVariance', () => logisticRegression({ features: [[1]], labels: [1], priorVariance: 0 })],
    ['InvalidOption at temper', () => temper(0)(plane)],
    ['InvalidOption at combine', () => combine([[NaN, plane]])],
    ['InvalidOption at mixture', () => mixture([])],
    ['InvalidOption at mixture: weights', () => mixture([plane], [1, 2])],
    ['InvalidOption at mixture: weights', () => mixture([plane, plane], [1, 0])],
    ['InvalidOption at train', () => train(scoreMatching({ model, levels: [1], optimiser })(cloud) as never, key(1), { steps: 1, ...unknown })],
    ['InvalidOption at train: steps', () => train(scoreMatching({ model, levels: [1], optimiser })(cloud) as never, key(1), { steps: -1 })],
    ['InvalidOption at scoreMatching', matching(unknown)],
    ['InvalidOption at scoreMatching: levels', matching({ levels: [] })],
    ['InvalidOption at scoreMatching: levels', matching({ levels: [1, 0] })],
    ['InvalidOption at scoreMatching: batch', matching({ batch: 0 })],
    ['InvalidOption at scoreMatching: averaging', matching({ averaging: 2 })],
    ['InvalidOption at scoreMatching: weight', matching({ weight: () => 0 })],
    ['InvalidOption at contrastiveDivergence', contrastive(unknown)],
    ['InvalidOption at contrastiveDivergence: batch', contrastive({ batch: 0 })],
    ['InvalidOption at contrastiveDivergence: buffers', contrastive({ buffers: 0 })],
    ['InvalidOption at contrastiveDivergence: deviation', contrastive({ deviation: 0 })],
    ['InvalidOption at contrastiveDivergence: steps', contrastive({ steps: 0 })],
    ['InvalidOption at contrastiveDivergence: step', contrastive({ step: 0 })],
    ['InvalidOption at contrastiveDivergence: noise', contrastive({ noise: -1 })],
    ['InvalidOption at contrastiveDivergence: blur', contrastive({ blur: -1 })],
    ['InvalidOption at contrastiveDivergence: penalty', contrastive({ penalty: -1 })],
    ['InvalidOption at contrastiveDivergence: averaging', contrastive({ averaging: 2 })],
    ['DimensionMismatch at contrastiveDivergence', () => contrastiveDivergence({ network, place, optimiser })(inLine(3))],
    ['InvalidOption at geometricLevels', () => geometricLevels({ largest: 1, smallest: 1, count: 1, ...unknown })],
    ['InvalidOption at geometricLevels: count', () => geometricLevels({ largest: 1, smallest: 1, count: 0 })],
    ['InvalidOption at annealedLangevin', () => annealedLangevin({ levels: [1], ...unknown })],
    ['InvalidOption at annealedLangevin: stepsPerLevel', () => annealedLangevin({ levels: [1], stepsPerLevel: 0 })],
    ['InvalidOption at annealedLangevin: levels', () => annealedLangevin({ levels: [2, 0, 1] })],
    ['InvalidOption at reverseDiffusion', () => reverseDiffusion({ levels: [1, 0], ...unknown })],
    ['InvalidOption at reverseDiffusion: levels', () => reverseDiffusion({ levels: [2, 0, 0] })],
    ['InvalidOption at reverseDiffusion: levels', () => reverseDiffusion({ levels: [2, -1] })],
    ['InvalidOption at reverseDiffusion: corrector', () => reverseDiffusion({ levels: [1, 0], corrector: unknown })],
    ['InvalidOption at reverseDiffusion: corrector: steps', () => reverseDiffusion({ levels: [1, 0], corrector: { steps: 0 } })],
    ['InvalidOption at residualNetwork: blocks', () => residualNetwork({ dimension: 2, blocks: 0 })],
    ['InvalidOption at residualNetwork: frequencies', () => residualNetwork({ dimension: 2, frequencies: 0 })],
    ['InvalidOption at perceptronEnergy: width', () => perceptronEnergy({ dimension: 2, width: 0 })],
    ['InvalidOption at scoreModel: predicts', () => scoreModel({ network: residualNetwork({ dimension: 2 }), predicts: 'noise' as never })],
  ])('%s', (expected, body) => {
    expect(refusal(body)).toBe(expected)
  })
})

describe('what is not said is the default', () => {
  const endOf = (sampler: Sampler, start: Measure = cloud): readonly number[] => {
    const state = last(sampler, key(3), start, { steps: 4 })
    const points = Array.from(state.measure.points.dataSync())
    disposeState(state)
    return points
  }
  const heightOf = (potential: Potential): readonly number[] => {
    const tensors = potential.valueAndGradient(cloud.points)
    const numbers = [tensors.value, tensors.gradient].flatMap((tensor) => Array.from(tensor.dataSync()))
    for (const tensor of [tensors.value, tensors.gradient]) tensor.dispose()
    return numbers
  }
  test.each<readonly [string, (said: boolean) => readonly number[]]>([
    ['ula', (said) => endOf(ula(plane, { step: 0.1, ...(said ? { temperature: 1, preconditioner: 1 } : {}) }))],
    ['underdamped', (said) => endOf(underdamped(plane, { step: 0.1, ...(said ? { friction: 1, temperature: 1 } : {}) }))],
    ['sgld', (said) => endOf(sgld(terms, { step: 0.1, batch: 2, ...(said ? { temperature: 1, preconditioner: [1, 1] } : {}) }))],
    ['parallelTempering', (said) => endOf(parallelTempering(plane, { temperatures: [1, 2], step: 0.1, ...(said ? { every: 1 } : {}) }))],
    ['adapted', (said) => endOf(adapted((step) => mala(plane, { step }), { step: 0.1, iterations: 3, ...(said ? { target: 0.574 } : {}) }))],
    ['polynomialDecay', (said) => [0, 1, 5].map(polynomialDecay({ first: 2, ...(said ? { delay: 1, power: 0.55 } : {}) }))],
    ['cosineCycle', (said) => [0, 1, 5].map(cosineCycle({ first: 2, period: 4, ...(said ? { floor: 0.01 } : {}) }))],
    ['gaussian', (said) => heightOf(gaussian({ mean: [1, 2], ...(said ? { covariance: 1 } : {}) })(place))],
    ['banana', (said) => heightOf(banana(said ? { curvature: 0.5, spread: 2 } : {})(place))],
    ['doubleWell', (said) => heightOf(doubleWell(said ? { barrier: 3, distance: 1 } : {})(place))],
    ['ring', (said) => heightOf(ring(said ? { radius: 3, width: 0.5 } : {})(place))],
    ['mixture', (said) => heightOf(mixture([plane, banana()(place)], said ? [1, 1] : undefined))],
    ['logisticRegression', (said) => heightOf(logisticRegression({ features: [[1, 2]], labels: [1], ...(said ? { priorVariance: 1 } : {}) })(place))],
    ['modeOf', (said) => modeOf(banana()(place), [5, 5], said ? { steps: 1000, tolerance: 1e-6 } : {})],
  ])('%s', (_, outcome) => {
    expect(outcome(false)).toEqual(outcome(true))
  })
})

describe('schedules', () => {
  test('are their formulas', () => {
    const decay = polynomialDecay({ first: 3, delay: 2, power: 0.5 })
    const cycle = cosineCycle({ first: 3, period: 4, floor: 0.1 })
    for (const t of [0, 1, 3, 7]) {
      expect(decay(t)).toBeCloseTo(3 / Math.sqrt(1 + t / 2), 12)
      expect(cycle(t)).toBeCloseTo(3 * (0.1 + 0.45 * (1 + Math.cos((Math.PI * (t % 4)) / 4))), 12)
    }
  })

  test('of dual averaging are Hoffman and Gelman’s', () => {
    const averaging = dualAveraging({ step: 0.5, target: 0.7 })
    expect(averaging.init).toEqual({ count: 0, error: 0, step: 0.5, averaged: 1 })
    let [error, logAveraged, state] = [0, 0, averaging.init]
    for (const [index, acceptance] of [0.9, 0.2, 0.6].entries()) {
      const t = index + 1
      error = (1 - 1 / (t + 10)) * error + (0.7 - acceptance) / (t + 10)
      const logStep = Math.log(5) - (Math.sqrt(t) / 0.05) * error
      logAveraged = t ** -0.75 * logStep + (1 - t ** -0.75) * logAveraged
      state = averaging.update(state, acceptance)
      expect(state.count).toBe(t)
      expect([state.error, Math.log(state.step), Math.log(state.averaged)]).toEqual([error, logStep, logAveraged].map((value) => expect.closeTo(value, 10)))
    }
  })
})
