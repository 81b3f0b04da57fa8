import type { GPGPUProgram } from '@tensorflow/tfjs-backend-webgl'

/** How the numbers of a texture lie: one a texel (`numbers`), as tfjs's unpacked tensors, or four (`quads`). */
export type Layout = 'numbers' | 'quads'

/** A number, or an array of as many numbers, that a shader is given at each call. */
export interface Uniform {
  readonly name: string
  readonly type: 'int' | 'float'
  readonly length?: number
}

/** A fragment shader: what it reads, what it writes, and its GLSL, in which each input `a` is read by `aAt(index)`. */
export interface Shader {
  readonly inputs: readonly string[]
  readonly reads: Layout
  readonly writes: Layout
  readonly uniforms: readonly Uniform[]
  readonly source: string
}

/** Tensors of texels `[count, 4]` have this shape for tfjs, whose packed texels hold two by two entries. */
export const quadShape = (count: number): number[] => [2, 2 * count]

const reader: Readonly<Record<Layout, (name: string) => string>> = {
  numbers: (name) => `
    float ${name}At(int index) {
      int at = index + offset${name};
      int width = ${name}TexShape[1];
      int row = at / width;
      return texelFetch(${name}, ivec2(at - row * width, row), 0).r;
    }`,
  quads: (name) => `
    vec4 ${name}At(int index) {
      int width = ${name}TexShape[1] / 2;
      int row = index / width;
      return texelFetch(${name}, ivec2(index - row * width, row), 0);
    }`,
}

const place: Readonly<Record<Layout, string>> = {
  numbers: 'outTexShape[1]',
  quads: '(outTexShape[1] / 2)',
}

/** The shader as tfjs runs it. It knows no sizes but those that it is given: one program serves clouds of all sizes. */
export const programOf = (shader: Shader, outputShape: number[]): GPGPUProgram => ({
  variableNames: [...shader.inputs],
  outputShape,
  enableShapeUniforms: true,
  packedInputs: shader.reads === 'quads',
  packedOutput: shader.writes === 'quads',
  customUniforms: shader.uniforms.map(({ name, type, length }) => ({
    name,
    type,
    ...(length === undefined ? {} : { arrayIndex: length }),
  })),
  userCode: `
    ${shader.inputs.map(reader[shader.reads]).join('')}
    int outIndex() {
      ivec2 at = ivec2(gl_FragCoord.xy);
      return at.y * ${place[shader.writes]} + at.x;
    }
    ${shader.source}`,
})

/** `logged(top, sum)` is `top + log(sum)`, also of no sum at all, of which GLSL leaves the logarithm open. */
export const logarithm = `
    vec4 logged(vec4 top, vec4 sum) {
      return mix(top + log(sum), vec4(-uintBitsToFloat(0x7f800000u)), equal(sum, vec4(0.0)));
    }`
