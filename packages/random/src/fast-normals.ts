import { normalsModule } from './binary.js'
import type { Words } from './threefry.js'

/** What assembly/normals.ts exports. */
interface NormalsExports {
  readonly memory: WebAssembly.Memory
  readonly most: WebAssembly.Global
  readonly start: (s01: number, s00: number, s11: number, s10: number) => void
  readonly fill: (count: number) => void
  readonly numbersAt: () => number
}

interface Machine {
  readonly exports: NormalsExports
  readonly numbers: Float64Array
}

// Null where there is no WebAssembly SIMD, or a page's policy forbids it.
let machine: Machine | null | undefined

const started = (): Machine | null => {
  try {
    const module = new WebAssembly.Module(Uint8Array.from(atob(normalsModule), (letter) => letter.charCodeAt(0)))
    const exports = new WebAssembly.Instance(module).exports as unknown as NormalsExports
    const count = exports.most.value as number
    return { exports, numbers: new Float64Array(exports.memory.buffer, exports.numbersAt(), count) }
  } catch {
    return null
  }
}

/** Fills an array with the normal numbers of the stream with the given seed; false where that cannot be done fast. */
export const fillFast = (seed: Words, values: Float64Array): boolean => {
  if (machine === undefined) machine = started()
  if (machine === null) return false
  const { exports, numbers } = machine
  exports.start(...seed)
  for (let done = 0; done < values.length; done += numbers.length) {
    const length = Math.min(numbers.length, values.length - done)
    exports.fill(length)
    values.set(length === numbers.length ? numbers : numbers.subarray(0, length), done)
  }
  return true
}
