import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Outcome {
  readonly said: unknown
  /** Whatever it printed beside. */
  readonly noise: string
}

/** Runs a program on the built package in plain Node: vitest resolves modules in ways of its own. */
const inNode = (program: string): Outcome => {
  const { NODE_ENV: _mode, NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env
  const script = `
    import * as monge from 'monge'
    const say = (value) => process.stdout.write('said ' + JSON.stringify(value))
    const thrown = async (body) => { try { await body() } catch (error) { return [error.name, error.tag, error.where] } }
    ${program}`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env,
  })
  expect(status, stderr).toBe(0)
  const [noise = '', said = 'null'] = stdout.split('said ')
  return { said: JSON.parse(said) as unknown, noise: noise + stderr }
}

const backends = ['reference()', 'simd()', "simd({ precision: 'float64', threads: 1 })", "tfjs('cpu')", "tfjs('wasm')"]

test.each(backends)('the built package gives value, gradient, flow and plan in plain Node, quietly, on %s', (backend) => {
  const { said, noise } = inNode(`
    const backend = await monge.backends.${backend}
    const loss = monge.samplesLoss({ loss: 'sinkhorn', p: 2, blur: 1 })(backend)
    const { value, gradX } = monge.evaluate(loss)({ x: [[0, 0]], y: [[3, 4]] })
    const { fromArrays, measureOrThrow } = monge.measures
    const [mu, nu] = [[[0, 0]], [[3, 4]]].map((rows) => measureOrThrow(fromArrays(rows, undefined, backend)))
    const flow = monge.flows.gradientFlow(loss, { step: 0.5 })
    const path = Array.from(monge.flows.run(flow, mu, nu, { steps: 2 }), ({ measure }) => [...measure.points.dataSync()])
    const { lower, upper, plan } = monge.transport({ blur: 0.5 })(backend)({ x: [[0], [4]], y: [[0], [4]] })
    say({ value, gradX: [...gradX], path: path.flat(), bounds: [lower, upper], plan: [...plan()] })`)
  expect(noise).toBe('')
  const expected = { value: 12.5, gradX: [-3, -4], path: [0, 0, 1.5, 2, 2.25, 3], bounds: [0, 0], plan: [0.5, 0, 0, 0.5] }
  const round = (_: string, value: unknown): unknown => (typeof value === 'number' ? Math.abs(Number(value.toFixed(4))) : value)
  expect(JSON.parse(JSON.stringify(said, round))).toEqual(JSON.parse(JSON.stringify(expected, round)))
})

test('a plain function of two measures is a loss, once there is a backend', () => {
  const { said } = inNode(`
    const { sum } = await import('@tensorflow/tfjs-core')
    const call = () => monge.evaluate((mu) => sum(mu.weights))({ x: [[0]], y: [[1]], a: [2], b: [2] })
    const early = await thrown(call)
    await monge.backends.reference()
    const { value, gradX, gradA } = call()
    say([early, value, ...gradX, ...gradA])`)
  expect(said).toEqual([['MongeError', 'BackendUnavailable', 'evaluate'], 2, 0, 1])
})

test('backends that cannot be had are typed errors, and nothing on the console', () => {
  const { said, noise } = inNode(`
    say(await Promise.all([
      thrown(() => monge.backends.tfjs('webgl')),
      thrown(() => monge.backends.tfjs('quantum')),
      thrown(() => monge.backends.tfjs('constructor')),
      thrown(() => monge.backends.tfjs('cpu', { budget: 1 })),
      thrown(() => monge.backends.simd({ threads: 0 })),
    ]))`)
  expect(said).toEqual([
    ['MongeError', 'BackendUnavailable', expect.stringContaining('webgl')],
    ['MongeError', 'InvalidOption', 'backends.tfjs'],
    ['MongeError', 'InvalidOption', 'backends.tfjs'],
    ['MongeError', 'InvalidOption', 'portableBackend'],
    ['MongeError', 'InvalidOption', 'simdBackend: threads'],
  ])
  expect(noise).toBe('')
})

test('backends started at the same time are those started one by one, and tfjs stays where it was', () => {
  const { said, noise } = inNode(`
    const { env, engine } = await import('@tensorflow/tfjs-core')
    const { reference, simd, tfjs } = monge.backends
    const started = await Promise.all([tfjs('wasm'), reference(), tfjs('cpu'), simd(), simd({ precision: 'float64' }), tfjs('wasm')])
    say([started.map(({ name, precision }) => name + ' ' + precision), engine().backendName ?? null, env().getBool('PROD')])`)
  expect(noise).toBe('')
  const [names, current, production] = said as [readonly string[], string | null, boolean]
  expect(names).toEqual([
    'wasm float32',
    'monge-float64 float64',
    'cpu float32',
    'cpu float32',
    'monge-float64 float64',
    'wasm float32',
  ])
  expect(production).toBe(false)
  expect(current === null || names.some((name) => name.startsWith(current))).toBe(true)
})

test('every package but the engines is a namespace, and the default backend is there', () => {
  const packages = readdirSync(new URL('../..', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'monge' && !entry.name.startsWith('backend-'))
    .map(({ name }) => name)
  const { said } = inNode(`
    const { precision } = await monge.defaultBackend()
    const namespaces = Object.entries(monge).filter(([, value]) => typeof value === 'object' && Object.keys(value).length > 0)
    say({ names: namespaces.map(([name]) => name).filter((name) => name !== 'backends'), precision })`)
  expect(packages.length).toBeGreaterThan(10)
  expect(said).toEqual({ names: packages.toSorted(), precision: 'float32' })
})
