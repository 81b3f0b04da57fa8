import { engine } from '@tensorflow/tfjs-core'
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { mongeError } from '@monge/errors'
import { programOf, quadShape } from './shader.js'
import type { Shader } from './shader.js'

/** The GPU, as far as shaders need it. */
export interface Device {
  /** The most pairs of points that one draw call goes through. */
  readonly pairs: number
  /** Runs a shader for `count` texels. What it returns is to be freed, or made a tensor of. */
  readonly run: (
    shader: Shader,
    inputs: readonly TensorInfo[],
    uniforms: readonly (readonly number[])[],
    count: number,
  ) => TensorInfo
  readonly free: (info: TensorInfo) => void
  /** The numbers as a tensor that tfjs keeps track of. */
  readonly tensor: (info: TensorInfo) => Tensor
  /** Throws a typed error where the context has been lost, and all data with it. */
  readonly requireAlive: () => void
}

export const deviceOf = (math: MathBackendWebGL, pairs: number): Device => ({
  pairs,
  run: (shader, inputs, uniforms, count) => {
    // Small tensors would go to the shader as uniforms, and be read by other means.
    for (const { dataId } of inputs) math.uploadToGPU(dataId)
    const program = programOf(shader, shader.writes === 'quads' ? quadShape(count) : [count])
    // tfjs exchanges inputs in this very list where it must lay them out anew.
    return math.runWebGLProgram(
      program,
      [...inputs],
      'float32',
      uniforms.map((values) => [...values]),
      true,
    )
  },
  free: (info) => math.disposeIntermediateTensorInfo(info),
  tensor: (info) => engine().makeTensorFromTensorInfo(info, math),
  requireAlive: () => {
    if (isLost(math))
      throw mongeError(
        'BackendFailure',
        'webglBackend',
        'the WebGL context was lost, and what was on the GPU with it; start another by webglBackend()',
      )
  },
})

/** Whether the browser has taken the context away. */
export const isLost = (math: MathBackendWebGL): boolean => math.getGPGPUContext().gl.isContextLost()
