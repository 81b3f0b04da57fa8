import { awake, chunkBits, controlAddress, controlLength, controlWords, jobAddress, looks } from './layout.js'

/*
 * What a worker runs, as text: a file of its own would have to be found by every bundler. It takes chunks as long as
 * there are any, looks for the next job a little while, and then sleeps.
 *
 * `next` is one word, so that a worker that comes late can never take a chunk of one job for a chunk of another.
 */
const loop = `
const work = ({ module, memory, scratch }) => {
  const { run } = new WebAssembly.Instance(module, { env: { memory }, slices: { pow: Math.pow } }).exports
  const control = new Int32Array(memory.buffer, ${controlAddress}, ${controlLength})
  for (;;) {
    const round = Atomics.load(control, ${controlWords.round})
    for (;;) {
      const taken = Atomics.add(control, ${controlWords.next}, 1)
      const total = taken >> ${chunkBits}
      const chunk = taken & ${2 ** chunkBits - 1}
      if (chunk >= total) break
      run(Atomics.load(control, ${controlWords.format}), ${jobAddress}, chunk, scratch)
      if (Atomics.add(control, ${controlWords.done}, 1) + 1 === total) Atomics.notify(control, ${controlWords.done})
    }
    const end = performance.now() + ${awake.worker}
    for (let look = 1; Atomics.load(control, ${controlWords.round}) === round; look++) {
      if (look % ${looks} !== 0 || performance.now() < end) continue
      Atomics.add(control, ${controlWords.asleep}, 1)
      Atomics.wait(control, ${controlWords.round}, round)
      Atomics.sub(control, ${controlWords.asleep}, 1)
    }
  }
}
`

/** For Node's worker_threads. */
export const nodeSource: string = `${loop}work(require('node:worker_threads').workerData)`

/** For a page's workers. */
export const pageSource: string = `${loop}onmessage = ({ data }) => work(data)`
