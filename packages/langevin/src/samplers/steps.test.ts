import { tensorFrom } from '@monge/backend'
import { adam } from '@monge/flows'
import { gaussian as gaussianKernel } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { choice, fold, key, normal, split, uniform } from '@monge/random'
import type { Key } from '@monge/random'
import { dispose, mul, square, sub, sum, zeros, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../../tooling/testing/src/index.ts'
import { ball, box, disposeState, doubleWell, fromFunction, fromTerms, gaussian, langevinProposal, mala, metropolisRatio, parallelTempering, projected, randomWalk, randomWalkProposal, sgld, svgd, temper, ula, underdamped } from '../index.js'
import type { ChainState, Position, Sampler } from '../index.js'

const covariance = [
  [2, 0.5],
  [0.5, 1],
]
const inverse = [
  [1 / 1.75, -0.5 / 1.75],
  [-0.5 / 1.75, 2 / 1.75],
]
/** Cholesky's factor of the covariance. */
const lower = [
  [Math.SQRT2, 0],
  [0.5 / Math.SQRT2, Math.sqrt(1 - 0.125)],
]
const times = (matrix: readonly (readonly number[])[], rows: ArrayLike<number>): readonly number[] =>
  Array.from(rows, (_, i) => matrix[i % 2]?.reduce((total, entry, k) => total + entry * (rows[i - (i % 2) + k] ?? NaN), 0) ?? NaN)

const rows = [[1, -1], [0.5, 2], [-2, 0.25]]
const flat = rows.flat()

eachBackend('a step is its formula', (backend) => {
  const started = (weights?: readonly number[]): Measure => measureOrThrow(fromArrays(rows, weights, backend()))
  const pointsOf = ({ measure }: Pick<ChainState, 'measure'>): readonly number[] => Array.from(measure.points.dataSync())
  const expectNear = (found: ArrayLike<number>, expected: ArrayLike<number>, float32 = 1e-4): void => {
    expect(found).toHaveLength(expected.length)
    const within = tolerance(backend(), { float64: 1e-9, float32 })
    Array.from(expected).forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThan(within * (1 + Math.abs(value))))
  }
  /** Two steps of a sampler, each of them held to what a formula makes of the points before it. */
  const expectSteps = (sampler: Sampler, formula: (x: readonly number[], of: Key, t: number) => readonly number[]): void => {
    const start = started()
    let state = sampler.init(key(4), start)
    expectNear(pointsOf(state), flat)
    for (const t of [0, 1]) {
      const { state: next } = sampler.step(state)
      expectNear(pointsOf(next), formula(pointsOf(state), fold(t)(key(4)), t))
      expect(next.iteration).toBe(t + 1)
      state.measure.points.dispose()
      state = next
    }
    disposeState(state)
    disposeMeasure(start)
  }
  /** `x / s²`, the slopes of the Gaussian about zero of these variances. */
  const variances = [0.5, 2]
  const bowl = () => gaussian({ mean: [0, 0], covariance: variances })(backend())
  const slopesOf = (x: readonly number[]): readonly number[] => x.map((value, i) => value / (variances[i % 2] ?? NaN))
  const heightsOf = (x: readonly number[]): readonly number[] =>
    rows.map((_, row) => [0, 1].reduce((total, axis) => total + (x[2 * row + axis] ?? NaN) ** 2 / (variances[axis] ?? NaN) / 2, Math.log(2 * Math.PI)))

  test.each([
    ['ula', undefined, 1],
    ['ula at another temperature', undefined, 0.25],
    ['ula that is preconditioned', covariance, 0.5],
  ])('%s', (_, preconditioner, temperature) => {
    const lengths = [0.1, 0.4]
    const options = { step: (t: number) => lengths[t] ?? NaN, temperature, ...(preconditioner === undefined ? {} : { preconditioner }) }
    expectSteps(ula(bowl(), options), (x, of, t) => {
      const [step, white] = [lengths[t] ?? NaN, normal(6)(of)]
      const slopes = preconditioner === undefined ? slopesOf(x) : times(covariance, slopesOf(x))
      const noise = preconditioner === undefined ? white : times(lower, white)
      return x.map((value, i) => value - step * (slopes[i] ?? NaN) + Math.sqrt(2 * step * temperature) * (noise[i] ?? NaN))
    })
  })

  test('a leap of preconditioned or constrained steps is those steps', () => {
    const start = started()
    const constraint = projected(ball({ centre: [0, 0], radius: 0.5 }))
    for (const options of [{ step: 0.1, preconditioner: covariance }, { step: 0.1, constraint }, { step: 0.1, temperature: 0 }]) {
      const sampler = ula(bowl(), options)
      const first = sampler.init(key(4), start)
      const leapt = sampler.leap?.(first, 3)
      const singles: ChainState[] = [first]
      for (const t of [0, 1, 2]) singles.push(sampler.step(singles[t] as ChainState).state)
      expect(pointsOf(leapt?.state as ChainState)).toEqual(pointsOf(singles[3] as ChainState))
      expect([leapt?.state.iteration, leapt?.info.step]).toEqual([3, 0.1])
      dispose([leapt?.state.measure.points as Tensor, ...singles.map(({ measure }) => measure.points), first.measure.weights])
    }
    disposeMeasure(start)
  })

  const data = [3, -1, 2, 0]
  /** `sum_i |x - y_i|² / 8`, whose slopes of a batch are `x - mean y` over the batch. */
  const terms = () =>
    fromTerms({
      terms: 4,
      value: (x, batch) => {
        const far = Array.from(batch, (i) => data[i] ?? NaN).reduce((total, y) => total + y, 0) / batch.length
        return mul(sum(square(sub(x, tensorFrom([far], [1]))), 1), tensorFrom([0.5], [1]))
      },
    })(backend())
  const meanOf = (batch: ArrayLike<number>): number => Array.from(batch, (i) => data[i] ?? NaN).reduce((total, y) => total + y, 0) / batch.length

  test.each([
    ['sgld', undefined, undefined, undefined],
    ['sgld that is preconditioned', covariance, undefined, undefined],
    ['sgld with control variates, in a box', undefined, [0.25, -0.5], [-1, 1]],
  ] as const)('%s', (_, preconditioner, controlVariates, sides) => {
    const [step, temperature, batch] = [0.2, 0.5, 2]
    const sampler = sgld(terms(), {
      step,
      batch,
      temperature,
      ...(preconditioner === undefined ? {} : { preconditioner }),
      ...(controlVariates === undefined ? {} : { controlVariates }),
      ...(sides === undefined ? {} : { constraint: projected(box({ low: [sides[0], sides[0]], high: [sides[1], sides[1]] })) }),
    })
    expectSteps(sampler, (x, of) => {
      const [ofBatch = of, ofNoise = of] = split(2)(of)
      const chosen = choice(4, batch)(ofBatch)
      // A quadratic's control variates take away all of the noise.
      const slopes = x.map((value) => value - (controlVariates === undefined ? meanOf(chosen) : 1))
      const white = normal(6)(ofNoise)
      const [g, noise] = preconditioner === undefined ? [slopes, white] : [times(covariance, slopes), times(lower, white)]
      const moved = x.map((value, i) => value - step * (g[i] ?? NaN) + Math.sqrt(2 * step * temperature) * (noise[i] ?? NaN))
      return sides === undefined ? moved : moved.map((value) => Math.min(Math.max(value, sides[0]), sides[1]))
    })
  })

  test('underdamped dynamics, and what they say of energy', () => {
    const [step, friction, temperature] = [0.3, 2, 0.5]
    const start = started()
    const sampler = underdamped(bowl(), { step, friction, temperature })
    const first = sampler.init(key(4), start)
    expectNear(first.velocity, normal(6)(fold(-1)(key(4))).map((v) => Math.sqrt(temperature) * v))
    expectNear(first.value, heightsOf(flat))
    const { state, info } = sampler.step(first)
    const noise = normal(6)(fold(0)(key(4)))
    const kept = Math.exp(-friction * step)
    const before = Array.from(first.velocity, (v, i) => v - (step / 2) * (slopesOf(flat)[i] ?? NaN))
    const after = before.map((v, i) => kept * v + Math.sqrt(temperature * (1 - kept ** 2)) * (noise[i] ?? NaN))
    const points = flat.map((x, i) => x + (step / 2) * ((before[i] ?? NaN) + (after[i] ?? NaN)))
    const velocity = after.map((v, i) => v - (step / 2) * (slopesOf(points)[i] ?? NaN))
    expectNear(pointsOf(state), points)
    expectNear(state.velocity, velocity)
    const kinetic = (v: ArrayLike<number>, row: number): number => ((v[2 * row] ?? NaN) ** 2 + (v[2 * row + 1] ?? NaN) ** 2) / 2
    const energy = heightsOf(points).map((height, row) => height + kinetic(velocity, row))
    expectNear(info.energy, energy)
    const gained = energy.map((value, row) => value - (heightsOf(flat)[row] ?? NaN) - kinetic(first.velocity, row) - kinetic(after, row) + kinetic(before, row))
    expectNear(info.energyError, gained, 1e-3)
    disposeState(first)
    state.measure.points.dispose()
    disposeMeasure(start)
  })

  test('proposals, and how likely they are', () => {
    const position = (points: readonly number[]): Position => ({
      points: Float64Array.from(points),
      value: Float64Array.from(heightsOf(points)),
      gradient: Float64Array.from(slopesOf(points)),
      dimension: 2,
    })
    const to = [0.5, 0, 1, 1, -1, 2]
    const step = 0.3
    const white = normal(6)(key(9))
    for (const preconditioner of [undefined, covariance]) {
      const options = { step, ...(preconditioner === undefined ? {} : { preconditioner }) }
      const [proposal, walk] = [langevinProposal(options), randomWalkProposal(options)]
      const noise = preconditioner === undefined ? white : times(lower, white)
      const drift = (x: readonly number[]): readonly number[] => (preconditioner === undefined ? slopesOf(x) : times(covariance, slopesOf(x)))
      expectNear(walk.propose(key(9), position(flat)), flat.map((x, i) => x + Math.sqrt(2 * step) * (noise[i] ?? NaN)))
      expectNear(
        proposal.propose(key(9), position(flat)),
        flat.map((x, i) => x - step * (drift(flat)[i] ?? NaN) + Math.sqrt(2 * step) * (noise[i] ?? NaN)),
      )
      const logDensity = (x: readonly number[], y: readonly number[]): readonly number[] => {
        const off = y.map((value, i) => value - (x[i] ?? NaN) + step * (drift(x)[i] ?? NaN))
        const whitened = preconditioner === undefined ? off : times(inverse, off)
        return rows.map((_, row) => -((off[2 * row] ?? NaN) * (whitened[2 * row] ?? NaN) + (off[2 * row + 1] ?? NaN) * (whitened[2 * row + 1] ?? NaN)) / (4 * step))
      }
      expectNear(proposal.logDensity?.(position(flat), position(to)) ?? [], logDensity(flat, to))
      expectNear(
        metropolisRatio(proposal)(position(flat), position(to)),
        rows.map((_, row) => (heightsOf(flat)[row] ?? NaN) - (heightsOf(to)[row] ?? NaN) + (logDensity(to, flat)[row] ?? NaN) - (logDensity(flat, to)[row] ?? NaN)),
      )
    }
  })

  test('a Metropolis step keeps where it refuses, and knows the field where it stands', () => {
    const start = started()
    const sampler = mala(bowl(), { step: 0.6 })
    let state = sampler.init(key(4), start)
    const seen = new Set<number>()
    for (let t = 0; t < 8; t++) {
      const { state: next, info } = sampler.step(state)
      const [of = key(0), ofChoice = key(0)] = split(2)(fold(t)(key(4)))
      const from: Position = { points: Float64Array.from(pointsOf(state)), value: state.value, gradient: state.gradient, dimension: 2 }
      const proposed = langevinProposal({ step: 0.6 }).propose(of, from)
      const chance = uniform({}, 3)(ofChoice)
      info.accepted.forEach((yes, chain) => {
        seen.add(yes)
        expect(yes).toBe((chance[chain] ?? NaN) < (info.probability[chain] ?? NaN) ? 1 : 0)
        const expected = yes === 1 ? proposed : from.points
        expectNear(pointsOf(next).slice(2 * chain, 2 * chain + 2), expected.slice(2 * chain, 2 * chain + 2))
      })
      expect(info.acceptance).toBeCloseTo(info.probability.reduce((total, share) => total + share, 0) / 3, 12)
      expectNear(next.value, heightsOf(pointsOf(next)))
      expectNear(next.gradient, slopesOf(pointsOf(next)))
      expect(next.iteration).toBe(t + 1)
      if (next.measure.points !== state.measure.points) state.measure.points.dispose()
      state = next
    }
    expect(seen).toEqual(new Set([0, 1]))
    disposeState(state)
    disposeMeasure(start)
  })

  test('proposals beyond the range of numbers are refused, and chains go on', () => {
    const [largest, step, preconditioner] = backend().precision === 'float64' ? [1.797e308, 1e306, 1e306] : [3.4e38, 1e76, 1]
    const start = measureOrThrow(fromArrays([[largest, 0], [0, -largest]], undefined, backend()))
    const level = fromFunction({ value: (x) => zeros([x.shape[0]]), gradient: (x) => zerosLike(x) })(backend())
    const sampler = randomWalk(level, { step, preconditioner })
    let state = sampler.init(key(4), start)
    let refused = 0
    for (let t = 0; t < 20; t++) {
      const { state: next, info } = sampler.step(state)
      refused += info.accepted.filter((yes) => yes === 0).length
      expect(pointsOf(next).every(Number.isFinite)).toBe(true)
      if (next.measure.points !== state.measure.points) state.measure.points.dispose()
      state = next
    }
    expect(refused).toBeGreaterThan(0)
    expect(refused).toBeLessThan(40)
    disposeState(state)
    disposeMeasure(start)
  })

  test.each([1, 2])('temperatures are exchanged by turns, every so many steps: %s', (every) => {
    const start = started()
    const temperatures = [1, 2, 5]
    const [potential, step] = [doubleWell({ barrier: 1 })(backend()), [0.2, 0.3, 0.5]]
    const sampler = parallelTempering(potential, { temperatures, step, every })
    let state = sampler.init(key(4), start)
    const tempered = temperatures.map((temperature) => temper(1 / temperature)(potential))
    for (let t = 0; t < 6; t++) {
      const before = state
      const alone = before.rungs.map((rung, k) => mala(tempered[k] ?? potential, { step: step[k] ?? NaN }).step(rung))
      const { state: next, info } = sampler.step(before)
      const round = (t + 1) / every
      const tried = [0, 1].map((k) => Number.isInteger(round) && round % 2 === k)
      expect(info.swaps.map((swap) => swap !== undefined)).toEqual(tried)
      expect(info.acceptances).toEqual(alone.map((one) => one.info.acceptance))
      expect(info.acceptance).toBe(info.acceptances[0])
      expect(next.measure).toBe(next.rungs[0]?.measure)
      expect([next.iteration, ...next.rungs.map(({ iteration }) => iteration)]).toEqual([t + 1, t + 1, t + 1, t + 1])
      tried.forEach((yes, k) => {
        if (!yes) return
        const [low, high] = [alone[k]?.state, alone[k + 1]?.state]
        const [cold = NaN, hot = NaN] = temperatures.slice(k)
        const chance = uniform({}, 3)(fold(-1 - k)(fold(t)(key(4))))
        const shares = Array.from(chance, (level, chain) => {
          const [here, there] = [(low?.value[chain] ?? NaN) * cold, (high?.value[chain] ?? NaN) * hot]
          const share = Math.min(1, Math.exp((1 / cold - 1 / hot) * (here - there)))
          const swapped = level < share
          const [a, b] = [low, high].map((one) => pointsOf(one as ChainState).slice(2 * chain, 2 * chain + 2)) as [number[], number[]]
          expectNear(pointsOf(next.rungs[k] as ChainState).slice(2 * chain, 2 * chain + 2), swapped ? b : a)
          expectNear(pointsOf(next.rungs[k + 1] as ChainState).slice(2 * chain, 2 * chain + 2), swapped ? a : b)
          return share
        })
        expect(info.swaps[k]).toBeCloseTo(shares.reduce((total, share) => total + share, 0) / 3, 6)
      })
      next.rungs.forEach((rung, k) => {
        const [value, gradient] = [new Float64Array(3), new Float64Array(6)]
        tempered[k]?.onHost?.(Float64Array.from(pointsOf(rung)), 2, gradient, value)
        expectNear(rung.value, value)
        expectNear(rung.gradient, gradient)
      })
      const kept = new Set(next.rungs.map(({ measure }) => measure.points))
      for (const one of alone) if (!before.rungs.some(({ measure }) => measure.points === one.state.measure.points)) one.state.measure.points.dispose()
      for (const { measure } of before.rungs) if (!kept.has(measure.points)) measure.points.dispose()
      state = next
    }
    disposeState(state)
    disposeMeasure(start)
  })

  test('a step for each temperature is by default the one times the temperature', () => {
    const start = started()
    const endOf = (step: number | readonly number[]): readonly number[] => {
      const sampler = parallelTempering(bowl(), { temperatures: [1, 2, 5], step })
      const first = sampler.init(key(4), start)
      const { state } = sampler.step(first)
      const found = state.rungs.flatMap(pointsOf)
      const tensors = new Set([first, state].flatMap(({ rungs }) => rungs.flatMap(({ measure }) => [measure.points, measure.weights])))
      dispose([...tensors])
      return found
    }
    expect(endOf(0.25)).toEqual(endOf([0.25, 0.5, 1.25]))
    expect(endOf(0.25)).not.toEqual(endOf([0.25, 0.5, 1]))
    disposeMeasure(start)
  })

  test('Stein variational gradient descent, by weights, and how fast it was', () => {
    const weights = [1, 2, 5]
    const start = started(weights)
    const width = 1.5
    const shares = weights.map((weight) => weight / 8)
    const at = (row: number): readonly number[] => rows[row] ?? []
    const velocityBy = (sigma: number): readonly number[] =>
      rows.flatMap((_, i) =>
        [0, 1].map((axis) =>
          shares.reduce((total, share, j) => {
            const off = at(j).map((x, k) => x - (at(i)[k] ?? NaN))
            const k = Math.exp(-off.reduce((squares, x) => squares + x * x, 0) / (2 * sigma ** 2))
            return total + share * ((-(off[axis] ?? NaN) / sigma ** 2) * k - k * (slopesOf(at(j))[axis] ?? NaN))
          }, 0),
        ),
      )
    // Squares of distances: 9.25, 10.5625, 9.3125.
    const median = Math.sqrt(9.3125 / (2 * Math.log(4)))
    for (const [kernel, sigma] of [[gaussianKernel(width), width], [undefined, median]] as const) {
      const sampler = svgd(bowl(), { step: 0.2, ...(kernel === undefined ? {} : { kernel }) })(backend())
      const first = sampler.init(key(4), start)
      const { state, info } = sampler.step(first)
      const velocity = velocityBy(sigma)
      expectNear(pointsOf(state), flat.map((x, i) => x + 0.2 * (velocity[i] ?? NaN)))
      expect(info.speed).toBeCloseTo(Math.sqrt(velocity.reduce((total, v, i) => total + (shares[i >> 1] ?? NaN) * v * v, 0)), 5)
      disposeState(first)
      state.measure.points.dispose()
    }
    const bent = svgd(bowl(), { motion: adam(0.1) })(backend())
    const first = bent.init(key(4), start)
    expect(pointsOf(first)).toEqual(flat)
    disposeState(first)
    disposeMeasure(start)
  })
})
