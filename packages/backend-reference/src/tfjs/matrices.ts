import { backend_util } from '@tensorflow/tfjs-core'
import type { _FusedMatMulAttrs, Tensor } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import { add, prelu } from './binary.js'
import { emptyValues, sizeOf, stridesOf } from './dense.js'
import type { Dense, Kernels } from './dense.js'
import { broadcastPositions, positions, range, transposed } from './positions.js'
import { elu, leakyRelu, relu, relu6, sigmoid } from './unary.js'

const lastTwoExchanged = (x: Dense): Dense => {
  const rank = x.shape.length
  return transposed(x, [...range(rank - 2), rank - 1, rank - 2])
}

/** Matrix products of the last two axes, the others broadcast. */
const matMul = (a: Dense, b: Dense, transposeA: boolean, transposeB: boolean): Dense => {
  // Rows against rows: both are then read in order.
  const left = transposeA ? lastTwoExchanged(a) : a
  const right = transposeB ? b : lastTwoExchanged(b)
  const [n, k] = left.shape.slice(-2)
  const [m, other] = right.shape.slice(-2)
  if (k !== other) throw mongeError('DimensionMismatch', 'matMul', `the inner dimensions ${k} and ${other} differ`)
  const batchA = left.shape.slice(0, -2)
  const batchB = right.shape.slice(0, -2)
  const batch = backend_util.assertAndGetBroadcastShape(batchA, batchB)
  const fromLeft = broadcastPositions(batchA, batch)
  const fromRight = broadcastPositions(batchB, batch)
  const values = emptyValues(a.dtype, sizeOf(batch) * n * m)
  for (let index = 0; index < fromLeft.length; index++)
    for (let i = 0; i < n; i++) {
      const row = (fromLeft[index] * n + i) * k
      for (let j = 0; j < m; j++) {
        const column = (fromRight[index] * m + j) * k
        let sum = 0
        for (let l = 0; l < k; l++) sum += left.values[row + l] * right.values[column + l]
        values[(index * n + i) * m + j] = sum
      }
    }
  return { shape: [...batch, n, m], dtype: a.dtype, values }
}

const activated = (x: Dense, attributes: _FusedMatMulAttrs, slopes: Dense | undefined): Dense => {
  const each = (apply: (value: number) => number): Dense => ({ ...x, values: x.values.map(apply) })
  switch (attributes.activation) {
    case 'relu':
      return each(relu)
    case 'relu6':
      return each(relu6)
    case 'elu':
      return each(elu)
    case 'sigmoid':
      return each(sigmoid)
    case 'leakyrelu':
      return each(leakyRelu(attributes.leakyreluAlpha ?? 0.2))
    case 'prelu':
      return slopes === undefined ? x : prelu(x, slopes)
    default:
      return x
  }
}

/** Sums of products over all indices that the result lacks, by one walk over all indices there are. */
const einsum = (tensors: readonly Dense[], equation: string): Dense => {
  const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length)
  backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as unknown as Tensor[])
  const lengths = allDims.map((_, dim) => {
    const which = idDims.findIndex((dims) => dims.includes(dim))
    return tensors[which].shape[idDims[which].indexOf(dim)]
  })
  // decodeEinsumEquation puts the indices of the result first, in their order.
  const shape = lengths.slice(0, allDims.length - summedDims.length)
  const walk = (strideOf: (dim: number) => number): Int32Array =>
    positions(lengths.map((length, dim) => range(length).map((index) => index * strideOf(dim))))
  const into = walk((dim) => stridesOf(shape)[dim] ?? 0)
  const from = tensors.map(({ shape: own }, which) =>
    walk((dim) => idDims[which].reduce((sum, one, axis) => sum + (one === dim ? stridesOf(own)[axis] : 0), 0)),
  )
  const values = emptyValues(tensors[0].dtype, sizeOf(shape))
  for (let i = 0; i < into.length; i++)
    values[into[i]] += tensors.reduce((product, tensor, which) => product * tensor.values[from[which][i]], 1)
  return { shape, dtype: tensors[0].dtype, values }
}

const diagonal = (x: Dense): Dense => {
  const size = x.values.length
  const values = emptyValues(x.dtype, size * size)
  for (let i = 0; i < size; i++) values[i * size + i] = x.values[i]
  return { shape: [...x.shape, ...x.shape], dtype: x.dtype, values }
}

export const matrixKernels: Kernels = {
  BatchMatMul: (
    { a, b },
    { transposeA, transposeB }: { readonly transposeA: boolean; readonly transposeB: boolean },
  ) => matMul(a, b, transposeA, transposeB),
  Diag: ({ x }) => diagonal(x),
  Einsum: (tensors, { equation }: { readonly equation: string }) => einsum(Object.values(tensors), equation),
  _FusedMatMul: ({ a, b, bias, preluActivationWeights }, attributes: _FusedMatMulAttrs) => {
    const product = matMul(a, b, attributes.transposeA, attributes.transposeB)
    const shifted = bias === undefined ? product : add(product, bias)
    return activated(shifted, attributes, preluActivationWeights)
  },
}
