import { backends, evaluate, random, samplesLoss } from 'monge'

/*
 * Times the backends of a browser on the machine that opens the page: `pnpm --filter @monge-tooling/bench run page`.
 */

interface Timing {
  readonly backend: string
  readonly n: number
  /** With what is compiled on the way. */
  readonly first: number
  readonly median: number
  readonly value: number
}

const starters = {
  webgl: () => backends.webgl(),
  simd: () => backends.simd(),
  portable: () => backends.tfjs('webgl'),
}

const query = new URLSearchParams(location.search)
const sizes = (query.get('n') ?? '1000,10000,50000').split(',').map(Number)
const names = (query.get('on') ?? 'webgl,simd')
  .split(',')
  .filter((name) => name in starters) as (keyof typeof starters)[]
const repeats = Number(query.get('repeats') ?? 5)

const element = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`#${id}`)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}

const graphics = (): string => {
  const gl = document.createElement('canvas').getContext('webgl2')
  const info = gl?.getExtension('WEBGL_debug_renderer_info')
  return gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'unknown'
}

/** The page is drawn between measurements. */
const breath = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 50))

const cloud = (n: number, seed: number): { data: Float64Array; shape: [number, number] } => ({
  data: Float64Array.from(random.uniform({ low: seed * 0.3, high: 1 + seed * 0.1 }, n * 2)(random.key(n + seed))),
  shape: [n, 2],
})

const measure = async (backend: keyof typeof starters, n: number): Promise<Timing> => {
  const loss = evaluate(samplesLoss({ loss: 'sinkhorn', p: 2, blur: 0.05 })(await starters[backend]()))
  const problem = { x: cloud(n, 0), y: cloud(n, 1) }
  const times: number[] = []
  let value = Number.NaN
  for (let k = 0; k <= repeats; k += 1) {
    await breath()
    const start = performance.now()
    // Numbers come back to the host, so that what is timed is done.
    ;({ value } = loss(problem))
    times.push(performance.now() - start)
  }
  const [first = Number.NaN, ...rest] = times
  const sorted = rest.toSorted((a, b) => a - b)
  return { backend, n, first, median: sorted[Math.floor(sorted.length / 2)] ?? first, value }
}

const show = ({ backend, n, first, median, value }: Timing): void => {
  const row = document.createElement('tr')
  for (const text of [backend, n.toLocaleString('en'), first.toFixed(1), median.toFixed(1), value.toPrecision(6)])
    row.append(Object.assign(document.createElement('td'), { textContent: text }))
  element('times').append(row)
}

const machine = `${graphics()}; ${navigator.hardwareConcurrency} threads`
element('machine').textContent = machine

const run = async (): Promise<void> => {
  const timings: Timing[] = []
  for (const n of sizes)
    for (const name of names) {
      element('state').textContent = `${name}, ${n.toLocaleString('en')} points`
      const timing = await measure(name, n)
      timings.push(timing)
      show(timing)
    }
  element('state').textContent = 'done'
  element('outcome').textContent = JSON.stringify({ machine, timings }, undefined, 2)
}

const button = element('start') as HTMLButtonElement
const started = (): void => {
  button.disabled = true
  run().catch((error: unknown) => {
    element('state').textContent = String(error)
  })
}
button.addEventListener('click', started)
if (query.has('start')) started()
