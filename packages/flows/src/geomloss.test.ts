import { constant } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { euclidean, radial as radialCost } from '@monge/costs'
import { energy, gaussian, kernelNorm, laplacian, radial as radialKernel } from '@monge/kernels'
import { toNumber } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, measureOrThrow, translate, uniform } from '@monge/measures'
import { sinkhornDivergence } from '@monge/sinkhorn'
import { Tensor, exp, maximum, mul, neg, sqrt, tidy } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, reference, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import recorded from '../fixtures/geomloss-flows.json' with { type: 'json' }
import { disposeState, gradientFlow, last, run } from './index.js'

type Flow = (typeof recorded.flows)[number]

const { iterations, step } = recorded
const flows = recorded.flows.map((flow) => [flow.name, flow] as const)
const blurOf = ({ options }: Flow): number => options.blur ?? 1
const reachOf = ({ options }: Flow): number | undefined => ('reach' in options ? options.reach : undefined)
// Its points jump by a step whatever their distance, so that rounding grows to the size of a step by t = .5.
const isChaotic = ({ options }: Flow): boolean => options.p === 1 && options.blur === 0.01

/** The loss of a record, by our own definition. */
const lossOf = (flow: Flow): ((backend: Backend) => Loss) => {
  const [blur, reach] = [blurOf(flow), reachOf(flow)]
  switch (flow.options.loss) {
    case 'energy':
      return kernelNorm(energy())
    case 'gaussian':
      return kernelNorm(gaussian(blur))
    case 'laplacian':
      return kernelNorm(laplacian(blur))
    default:
      return sinkhornDivergence({ p: flow.options.p ?? 2, blur, ...(reach && { reach }) })
  }
}

const floor = (squares: Tensor): Tensor => sqrt(maximum(squares, constant(1e-8)))

/** The loss of a record as GeomLoss computes it: with a floor of 1e-8 under its square roots. */
const flooredLossOf = (flow: Flow): ((backend: Backend) => Loss) => {
  const { loss, p } = flow.options
  const blur = blurOf(flow)
  if (loss === 'energy') return kernelNorm(radialKernel('floored energy', (s) => neg(floor(s)), 'conditional'))
  if (loss === 'laplacian')
    return kernelNorm(radialKernel('floored laplacian', (s) => exp(neg(floor(mul(s, constant(blur ** -2)))))))
  if (p !== 1) return lossOf(flow)
  return sinkhornDivergence({ p: 1, blur, cost: radialCost('floored distance', floor, euclidean) })
}

/** What GeomLoss's gradient is short of with `reach`. */
const slowness = (flow: Flow): number => {
  const [epsilon, reach] = [blurOf(flow) ** 2, reachOf(flow)]
  return reach === undefined ? 1 : (reach ** 2 + epsilon / 2) / (reach ** 2 + epsilon)
}

/** What the floor may cost: 1e-4 on pairs of points that are as close, which blur makes more or fewer. */
const floorCost = (flow: Flow): number => {
  const hasRoot = flow.options.p === 1 || ['energy', 'laplacian'].includes(flow.options.loss)
  return hasRoot ? (isChaotic(flow) ? 1e-4 : 2e-6) : 0
}

/** Where the record itself is good to so much only, because GeomLoss's float32 run drifts by that from its own. */
const drift = ({ values, float32 }: Flow, k: number): number =>
  Math.abs((float32[k] ?? 0) - (values[k] ?? 0)) / (values[k] ?? 0) > 1e-3 ? 5e-3 : 0

const oracle = await reference()

eachBackend('the nine flows of GeomLoss', (backend) => {
  // Its floor is a function of ours, which engines compute by tensor operations in every sweep: once is enough.
  const hasFloor = (): boolean => backend() === oracle

  // tfjs's own arithmetic is too slow for all of it in JavaScript, and in WebGL drawn in software.
  const isSlow = (): boolean => {
    const { name, vectors } = backend()
    const onTensors = tidy(() => vectors.fromArray([0]) instanceof Tensor)
    return onTensors && name !== 'wasm'
  }
  const clouds = () => [recorded.x, recorded.y].map((points) => measureOrThrow(uniform(points, backend())))

  /** The losses at the recorded times: all where the backend is fast enough, else the first two. */
  const trajectory = (loss: Loss, length: number) => {
    const [mu, nu] = clouds()
    const steps = isSlow() ? 5 : 100
    const values = Array.from(run(gradientFlow(loss, { step: length }), mu, nu, { steps }), ({ value }) => value)
    disposeMeasure(mu)
    disposeMeasure(nu)
    return iterations.filter((iteration) => iteration <= steps).map((iteration) => values[iteration])
  }

  test.each(flows)('%s', (_, flow) =>
    withoutLeaks(() => {
      const exact = backend().precision === 'float64' && (hasFloor() || floorCost(flow) === 0)
      // By the oracle as GeomLoss computes, to the last digits; by others as we define it.
      const losses = exact
        ? trajectory(flooredLossOf(flow)(backend()), step * slowness(flow))
        : trajectory(lossOf(flow)(backend()), step)
      losses.forEach((value, k) => {
        if (isChaotic(flow) && iterations[k] > 5) return
        const target = flow.values[k]
        const relative = Math.max(exact ? 1e-9 : reachOf(flow) === undefined ? 1e-4 : 1e-2, drift(flow, k))
        const error = Math.abs(value - target)
        const allowed = relative * target + (exact ? 1e-15 : floorCost(flow))
        expect(error, `${value} for ${target} at t = ${iterations[k] * step}`).toBeLessThan(allowed)
      })
    }),
  )

  // Starts that differ by rounding end between 1 and 2.1 times the record, which is a lucky one of them itself.
  test('the chaotic flow arrives as well as theirs, from one of a few starts that are as good as the same', () => {
    const flow = recorded.flows.find(isChaotic)
    // In float64 it takes the floor to arrive so soon, which an engine has no loop for.
    if (flow === undefined || isSlow() || (backend().precision === 'float64' && !hasFloor())) return
    const distance = toNumber(sinkhornDivergence({ p: 2, blur: 0.01, scaling: 0.99 })(backend()))
    const loss = (hasFloor() ? flooredLossOf(flow) : lossOf(flow))(backend())
    const [mu, nu] = clouds()
    const arrives = [0, 1, 2, 3, 4, 5].some((k) => {
      const start = translate([k * 2 ** -24, 0])(mu)
      const end = last(gradientFlow(loss, { step }), start, nu, { steps: 101 })
      const final = distance(end.measure, nu)
      disposeState(end)
      disposeMeasure(start)
      return final < 1.2 * flow.final
    })
    disposeMeasure(mu)
    disposeMeasure(nu)
    expect(arrives).toBe(true)
  })
})
