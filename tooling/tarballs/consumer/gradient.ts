import { backends, evaluate, samplesLoss } from 'monge'

/*
 * A stranger's program: the gradient of a Sinkhorn divergence against central differences, on every backend of Node.
 */

const x = [
  [0, 0],
  [1, 0.25],
  [0.5, 1],
]
const y = [
  [1, 1],
  [2, 0.5],
  [1.5, 0],
  [0.25, 0.75],
]
const options = { loss: 'sinkhorn', p: 2, blur: 0.5, tolerance: 1e-9 } as const

const reference = evaluate(samplesLoss(options)(await backends.reference()))

const moved = (row: number, column: number, by: number): number[][] =>
  x.map((point, i) => point.map((value, k) => (i === row && k === column ? value + by : value)))

const differences = x.flatMap((point, i) =>
  point.map(
    (_, k) => (reference({ x: moved(i, k, 1e-4), y }).value - reference({ x: moved(i, k, -1e-4), y }).value) / 2e-4,
  ),
)

const errorOf = (gradient: ArrayLike<number>): number =>
  differences.length === gradient.length
    ? Math.max(...Array.from(gradient, (value, i) => Math.abs(value - (differences[i] ?? NaN))))
    : NaN

const onTfjs = async (name: 'cpu' | 'wasm'): Promise<number> => {
  const loss = samplesLoss({ ...options, tolerance: 1e-5 })(await backends.tfjs(name))
  return errorOf(evaluate(loss)({ x, y }).gradX)
}

console.log(
  JSON.stringify({
    reference: { error: errorOf(reference({ x, y }).gradX), tolerance: 1e-6 },
    cpu: { error: await onTfjs('cpu'), tolerance: 1e-3 },
    wasm: { error: await onTfjs('wasm'), tolerance: 1e-3 },
  }),
)
