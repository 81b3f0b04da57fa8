import { emptyLogarithm } from '@monge/backend'
import type { Place, Vectors } from '@monge/backend'
import type { Tensor } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import type { Device } from './device.js'
import type { Shader } from './shader.js'

/** Terms of a sum that one shader reads; textures are bound sixteen at a time, and fewer on some devices. */
const most = 8

/**
 * Vectors that are flat tensors on the GPU, one number a texel, each operation one draw: they are what reductions read
 * and write, with nothing to be laid out anew between.
 */
export const shaderVectors = (device: Device, place: Place, portable: Vectors<Tensor>): Vectors<Tensor> => {
  const apply = (shader: Shader, inputs: readonly Tensor[], uniforms: readonly (readonly number[])[] = []): Tensor =>
    place.within(() => device.tensor(device.run(shader, inputs, uniforms, inputs[0]?.size ?? 0)))
  const linear: Vectors<Tensor>['linear'] = (terms, shift = 0) => {
    const [first, rest] = [terms.slice(0, most), terms.slice(most)]
    if (first.length === 0) throw mongeError('InvalidArgument', 'linear: terms', 'expected at least one term')
    const alphas = first.map(([alpha]) => alpha)
    const total = apply(linearShader(first.length), first.map(([, v]) => v), [alphas, [shift]])
    if (rest.length === 0) return total
    const whole = linear([[1, total], ...rest])
    total.dispose()
    return whole
  }
  return {
    // Scopes, read-backs and tensors are tfjs's own; sums too, which it takes in blocks.
    fromTensor: (tensor) => place.within(() => portable.fromTensor(tensor)),
    toTensor: (vector, shape) => place.within(() => portable.toTensor(vector, shape)),
    fromArray: (values) => place.within(() => portable.fromArray(values)),
    toArray: (vector) => place.within(() => portable.toArray(vector)),
    dot: (u, v) => place.within(() => portable.dot(u, v)),
    dotTensor: (u, v) => place.within(() => portable.dotTensor(u, v)),
    scope: (body) => place.within(() => portable.scope(body)),
    keep: portable.keep,
    release: portable.release,
    linear,
    multiply: (u, v) => apply(product, [u, v]),
    exponential: (v) => apply(exponential, [v]),
    exponentialMinusOne: (v) => apply(exponentialMinusOne, [v]),
    logarithm: (v) => apply(logarithm, [v], [[emptyLogarithm]]),
    absolute: (v) => apply(absolute, [v]),
  }
}

const elementwise = (
  inputs: readonly string[],
  uniforms: Shader['uniforms'],
  result: string,
  functions = '',
): Shader => ({
  inputs,
  reads: 'numbers',
  writes: 'numbers',
  uniforms,
  source: `
    ${functions}
    void main() {
      int index = outIndex();
      ${inputs.map((name) => `float ${name}_ = ${name}At(index);`).join(' ')}
      setOutput(${result});
    }`,
})

const linears = new Map<number, Shader>()

const linearShader = (count: number): Shader => {
  const names = Array.from({ length: count }, (_, index) => `term${index}`)
  const shader =
    linears.get(count) ??
    elementwise(
      names,
      [
        { name: 'alphas', type: 'float', length: count },
        { name: 'start', type: 'float' },
      ],
      `${names.map((name, index) => `alphas[${index}] * ${name}_`).join(' + ')} + start`,
    )
  linears.set(count, shader)
  return shader
}

const product = elementwise(['u', 'v'], [], 'u_ * v_')
const exponential = elementwise(['v'], [], 'exp(v_)')
const absolute = elementwise(['v'], [], 'abs(v_)')
const logarithm = elementwise(['v'], [{ name: 'empty', type: 'float' }], 'v_ > 0.0 ? log(v_) : empty')

// Where exp(v) - 1 would lose more than a bit, the series: its ninth term is below float32's last digit.
const exponentialMinusOne = elementwise(
  ['v'],
  [],
  'abs(v_) < 0.5 ? series(v_) : exp(v_) - 1.0',
  `
    float series(float t) {
      float rest = 1.0;
      for (int k = 9; k > 1; k--) rest = 1.0 + t / float(k) * rest;
      return t * rest;
    }`,
)
