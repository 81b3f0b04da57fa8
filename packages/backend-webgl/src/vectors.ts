import { emptyLogarithm } from '@monge/backend'
import type { Place, Vectors } from '@monge/backend'
import type { Tensor } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import type { Device } from './device.js'
import type { Shader } from './shader.js'

/** Terms of a sum that one shader reads; textures are bound sixteen at a time, and fewer on some devices. */
const most = 8

/** Longer vectors are multiplied on the GPU, and summed there to so many numbers; what is read is summed in float64. */
const mostRead = 1024
const partCount = 256

/**
 * Vectors that are flat tensors on the GPU, one number a texel, each operation one draw: they are what reductions read
 * and write, with nothing to be laid out anew between.
 */
export const shaderVectors = (device: Device, place: Place, portable: Vectors<Tensor>): Vectors<Tensor> => {
  const apply = (
    shader: Shader,
    inputs: readonly Tensor[],
    uniforms: readonly (readonly number[])[] = [],
    count: number = inputs[0]?.size ?? 0,
  ): Tensor => place.within(() => device.tensor(device.run(shader, inputs, uniforms, count)))
  const linear: Vectors<Tensor>['linear'] = (terms, shift = 0) => {
    const [first, rest] = [terms.slice(0, most), terms.slice(most)]
    if (first.length === 0) throw mongeError('InvalidArgument', 'linear: terms', 'expected at least one term')
    const alphas = first.map(([alpha]) => alpha)
    const total = apply(
      linearShader(first.length),
      first.map(([, v]) => v),
      [alphas, [shift]],
    )
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
    dot: (u, v) => {
      const few = u.size <= mostRead
      const parts = few ? apply(sideBySide, [u, v], [], 2 * u.size) : apply(partialDots, [u, v], [[u.size]], partCount)
      const values = portable.toArray(parts)
      parts.dispose()
      return few
        ? sumOf(values.length / 2, (i) => (values[2 * i] ?? 0) * (values[2 * i + 1] ?? 0))
        : sumOf(values.length, (i) => values[i] ?? 0)
    },
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

const sumOf = (count: number, term: (index: number) => number): number => {
  let total = 0
  for (let index = 0; index < count; index += 1) total += term(index)
  return total
}

// To read a vector itself would take it off the GPU: tfjs keeps a tensor in one place.
const sideBySide: Shader = {
  inputs: ['u', 'v'],
  reads: 'numbers',
  writes: 'numbers',
  uniforms: [],
  source: `
    void main() {
      int index = outIndex();
      setOutput((index & 1) == 0 ? uAt(index / 2) : vAt(index / 2));
    }`,
}

const partialDots: Shader = {
  inputs: ['u', 'v'],
  reads: 'numbers',
  writes: 'numbers',
  uniforms: [{ name: 'size', type: 'int' }],
  source: `
    void main() {
      float total = 0.0;
      for (int from = outIndex(); from < size; from += ${16 * partCount}) {
        float partial = 0.0;
        int to = min(from + ${16 * partCount}, size);
        for (int at = from; at < to; at += ${partCount}) partial += uAt(at) * vAt(at);
        total += partial;
      }
      setOutput(total);
    }`,
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
// A driver's exponential of what is no number can be one.
const exponential = elementwise(['v'], [], 'isnan(v_) ? v_ : exp(v_)')
const absolute = elementwise(['v'], [], 'abs(v_)')
const logarithm = elementwise(['v'], [{ name: 'empty', type: 'float' }], 'v_ > 0.0 ? log(v_) : empty')

// Where exp(v) - 1 would lose more than a bit, the series: its ninth term is below float32's last digit.
const exponentialMinusOne = elementwise(
  ['v'],
  [],
  'isnan(v_) ? v_ : abs(v_) < 0.5 ? series(v_) : exp(v_) - 1.0',
  `
    float series(float t) {
      float rest = 1.0;
      for (int k = 9; k > 1; k--) rest = 1.0 + t / float(k) * rest;
      return t * rest;
    }`,
)
