import * as tf from '@tensorflow/tfjs-core'
import { fill } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { booleans, broadcastShapes, floats, integers, shapes, sizeOf } from './inputs.ts'
import type { Domain, Input } from './inputs.ts'

/** An operation on inputs: what a kernel is tried with. */
export interface Example {
  readonly inputs: readonly Input[]
  readonly apply: (...tensors: Tensor[]) => Tensor | readonly Tensor[]
}

/**
 * The kernel that the operation must reach, and whether tfjs can differentiate it. (It cannot do so everywhere: the
 * gradients of maximum, minimum, squaredDifference, prelu and matMul do not sum over what was broadcast, that of cumsum
 * is for the last axis, those of split and unstack for two pieces or more, those of prod and of gather with batchDims
 * need tfjs's chained methods.)
 */
export interface Case {
  readonly kernel: string
  readonly differentiable: boolean
  readonly examples: fc.Arbitrary<Example>
}

type Apply = Example['apply']

const anywhere: Domain = { min: -3, max: 3 }
const positive: Domain = { min: 0, max: 4 }
const inside: Domain = { min: -1, max: 1 }

const unary = (kernel: string, apply: (x: Tensor) => Tensor, domain = anywhere, differentiable = true): Case => ({
  kernel,
  differentiable,
  examples: shapes().chain((shape) =>
    fc.record({ inputs: fc.tuple(floats(shape, domain)), apply: fc.constant(apply as Apply) }),
  ),
})

const binary = (
  kernel: string,
  apply: (a: Tensor, b: Tensor) => Tensor,
  domains: readonly [Domain, Domain] = [anywhere, anywhere],
  differentiable = true,
): Case => ({
  kernel,
  differentiable,
  examples: broadcastShapes.chain(([a, b]) =>
    fc.record({
      inputs: fc.tuple(floats(a, domains[0]), floats(b, { ...domains[1], which: 1 })),
      apply: fc.constant(apply as Apply),
    }),
  ),
})

/** The same for two tensors of one shape. */
const aligned = (kernel: string, apply: (a: Tensor, b: Tensor) => Tensor): Case => ({
  kernel,
  differentiable: true,
  examples: shapes().chain((shape) =>
    fc.record({
      inputs: fc.tuple(floats(shape, anywhere), floats(shape, { ...anywhere, which: 1 })),
      apply: fc.constant(apply as Apply),
    }),
  ),
})

/** On one tensor of floats, by an operation that depends on its shape. */
const shaped = (
  kernel: string,
  choose: (shape: readonly number[]) => fc.Arbitrary<(x: Tensor) => Tensor | readonly Tensor[]>,
  ranks: readonly [number, number] = [1, 3],
  differentiable = true,
): Case => ({
  kernel,
  differentiable,
  examples: shapes(...ranks).chain((shape) =>
    fc.record({ inputs: fc.tuple(floats(shape, anywhere)), apply: choose(shape) as fc.Arbitrary<Apply> }),
  ),
})

const axisOf = (shape: readonly number[]): fc.Arbitrary<number> => fc.nat(shape.length - 1)

const reduction = (
  kernel: string,
  apply: (x: Tensor, axis?: number | number[], keepDims?: boolean) => Tensor,
  differentiable = true,
): Case =>
  shaped(
    kernel,
    (shape) =>
      fc
        .tuple(
          fc.oneof(fc.constant(undefined), fc.subarray(shape.map((_, axis) => axis)), fc.constant(-1)),
          fc.boolean(),
        )
        .map(
          ([axis, keepDims]) =>
            (x) =>
              apply(x, axis, keepDims),
        ),
    [1, 3],
    differentiable,
  )

/** Reductions of booleans. */
const boolReduction = (kernel: string, apply: (x: Tensor, axis?: number) => Tensor): Case => ({
  kernel,
  differentiable: false,
  examples: shapes(1).chain((shape) =>
    fc.record({
      inputs: fc.tuple(booleans(shape)),
      apply: axisOf(shape).map((axis) => (x: Tensor) => apply(x, axis)),
    }),
  ),
})

const logical = (kernel: string, apply: (a: Tensor, b: Tensor) => Tensor): Case => ({
  kernel,
  differentiable: false,
  examples: shapes().chain((shape) =>
    fc.record({ inputs: fc.tuple(booleans(shape), booleans(shape)), apply: fc.constant(apply as Apply) }),
  ),
})

/** A case that chooses everything for itself. */
const free = (kernel: string, examples: fc.Arbitrary<Example>, differentiable = true): Case => ({
  kernel,
  differentiable,
  examples,
})

const constantly = (kernel: string, apply: () => Tensor): Case =>
  free(kernel, fc.constant({ inputs: [], apply }), false)

const small: fc.Arbitrary<number> = fc.integer({ min: 1, max: 3 })

const unaryCases: readonly Case[] = [
  unary('Abs', tf.abs),
  unary('Acos', tf.acos, inside),
  unary('Acosh', tf.acosh, { min: 1, max: 4 }),
  unary('Asin', tf.asin, inside),
  unary('Asinh', tf.asinh),
  unary('Atan', tf.atan),
  unary('Atanh', tf.atanh, inside),
  unary('Ceil', tf.ceil),
  unary('ClipByValue', (x) => tf.clipByValue(x, -1, 2)),
  unary('Cos', tf.cos),
  unary('Cosh', tf.cosh),
  unary('Elu', tf.elu),
  unary('EluGrad', (x) => tf.grad((t: Tensor) => tf.sum(tf.elu(t)))(x), anywhere, false),
  unary('Erf', tf.erf),
  unary('Exp', tf.exp),
  unary('Expm1', tf.expm1),
  unary('Floor', tf.floor),
  unary('IsFinite', (x) => tf.isFinite(tf.log(x)), anywhere, false),
  unary('IsInf', (x) => tf.isInf(tf.log(tf.relu(x))), anywhere, false),
  unary('IsNan', (x) => tf.isNaN(tf.log(x)), anywhere, false),
  unary('LeakyRelu', (x) => tf.leakyRelu(x, 0.25)),
  unary('Log', tf.log, positive),
  unary('Log', tf.log, anywhere, false),
  unary('Log1p', tf.log1p, positive),
  unary('Neg', tf.neg),
  unary('Reciprocal', tf.reciprocal),
  unary('Relu', tf.relu),
  unary('Relu6', (x) => tf.relu6(tf.mul(x, 4))),
  unary('Round', tf.round),
  unary('Rsqrt', tf.rsqrt, { min: 1, max: 4 }),
  unary('Selu', tf.selu),
  unary('Sigmoid', tf.sigmoid),
  unary('Sign', tf.sign),
  unary('Sin', tf.sin),
  unary('Sinh', tf.sinh),
  unary('Softplus', tf.softplus),
  unary('Sqrt', tf.sqrt, positive),
  unary('Sqrt', tf.sqrt, anywhere, false),
  unary('Square', tf.square),
  unary('Step', (x) => tf.step(x, 0.5)),
  unary('Tan', tf.tan, inside),
  unary('Tanh', tf.tanh),
  unary('Identity', tf.clone),
  unary('ZerosLike', tf.zerosLike, anywhere, false),
  unary('OnesLike', tf.onesLike, anywhere, false),
  unary('Cast', (x) => tf.cast(x, 'int32'), anywhere, false),
  unary('Cast', (x) => tf.cast(tf.floor(x), 'bool'), anywhere, false),
]

const binaryCases: readonly Case[] = [
  binary('Add', tf.add),
  binary('Atan2', tf.atan2),
  binary('Equal', tf.equal, [anywhere, anywhere], false),
  binary('FloorDiv', tf.floorDiv, [anywhere, positive], false),
  binary('Greater', tf.greater, [anywhere, anywhere], false),
  binary('GreaterEqual', tf.greaterEqual, [anywhere, anywhere], false),
  binary('Less', tf.less, [anywhere, anywhere], false),
  binary('LessEqual', tf.lessEqual, [anywhere, anywhere], false),
  binary('Maximum', tf.maximum, [anywhere, anywhere], false),
  aligned('Maximum', tf.maximum),
  binary('Minimum', tf.minimum, [anywhere, anywhere], false),
  aligned('Minimum', tf.minimum),
  binary('Mod', tf.mod, [anywhere, { min: 4, max: 8 }]),
  binary('Mod', tf.mod, [anywhere, anywhere], false),
  binary('Multiply', tf.mul),
  binary('NotEqual', tf.notEqual, [anywhere, anywhere], false),
  // Closer to zero, a difference of powers has too few digits to compare with.
  binary('Pow', tf.pow, [{ min: 0.25, max: 4 }, anywhere]),
  binary('Prelu', tf.prelu, [anywhere, anywhere], false),
  aligned('Prelu', tf.prelu),
  binary('RealDiv', tf.div),
  binary('SquaredDifference', tf.squaredDifference, [anywhere, anywhere], false),
  aligned('SquaredDifference', tf.squaredDifference),
  binary('Sub', tf.sub),
  logical('LogicalAnd', tf.logicalAnd),
  logical('LogicalOr', tf.logicalOr),
  logical('LogicalNot', (a) => tf.logicalNot(a)),
  logical('Equal', tf.equal),
  free(
    'AddN',
    shapes().chain((shape) =>
      fc.record({
        inputs: fc.tuple(floats(shape, anywhere), floats(shape, anywhere), floats(shape, anywhere)),
        apply: fc.constant((...tensors: Tensor[]) => tf.addN(tensors)),
      }),
    ),
  ),
]

const reductionCases: readonly Case[] = [
  reduction('Sum', tf.sum),
  reduction('Mean', tf.mean),
  reduction('Max', tf.max),
  reduction('Min', tf.min),
  reduction('Prod', tf.prod, false),
  boolReduction('All', tf.all),
  boolReduction('Any', tf.any),
  boolReduction('Sum', tf.sum),
  shaped('ArgMax', (shape) => axisOf(shape).map((axis) => (x) => tf.argMax(x, axis)), [1, 3], false),
  shaped('ArgMin', (shape) => axisOf(shape).map((axis) => (x) => tf.argMin(x, axis)), [1, 3], false),
  shaped(
    'Cumsum',
    (shape) =>
      fc
        .tuple(axisOf(shape), fc.boolean(), fc.boolean())
        .map(([axis, exclusive, reverse]) => (x) => tf.cumsum(x, axis, exclusive, reverse)),
    [1, 3],
    false,
  ),
  shaped('Cumsum', (shape) =>
    fc
      .tuple(fc.boolean(), fc.boolean())
      .map(([exclusive, reverse]) => (x) => tf.cumsum(x, shape.length - 1, exclusive, reverse)),
  ),
  shaped(
    'Cumprod',
    (shape) =>
      fc
        .tuple(axisOf(shape), fc.boolean(), fc.boolean())
        .map(([axis, exclusive, reverse]) => (x) => tf.cumprod(x, axis, exclusive, reverse)),
    [1, 3],
    false,
  ),
]

const layoutCases: readonly Case[] = [
  shaped('ExpandDims', (shape) => axisOf(shape).map((axis) => (x) => tf.expandDims(x, axis))),
  shaped('Reshape', (shape) => fc.constant((x) => tf.mul(tf.reshape(x, [sizeOf(shape)]), 2))),
  shaped('Reverse', (shape) => fc.subarray(shape.map((_, axis) => axis)).map((axes) => (x) => tf.reverse(x, axes))),
  shaped('Slice', (shape) =>
    fc
      .tuple(...shape.map((length) => fc.nat(length - 1)))
      .map((begin) => (x) => tf.slice(x, begin, shape.map((length, axis) => length - begin[axis]))),
  ),
  shaped(
    'StridedSlice',
    (shape) =>
      fc
        .tuple(...shape.map((length) => fc.nat(length - 1)))
        .map(
          (begin) => (x) =>
            tf.stridedSlice(x, begin, [...shape], shape.map((_, axis) => axis + 1), 1),
        ),
    [1, 3],
    false,
  ),
  shaped(
    'StridedSlice',
    (shape) =>
      fc.constant((x) =>
        tf.stridedSlice(x, shape.map((length) => length - 1), shape.map(() => 0), shape.map(() => -1), 0, 1),
      ),
    [1, 3],
    false,
  ),
  shaped('Tile', (shape) => fc.tuple(...shape.map(() => small)).map((reps) => (x) => tf.tile(x, reps))),
  shaped('Transpose', (shape) =>
    fc
      .shuffledSubarray(shape.map((_, axis) => axis), { minLength: shape.length })
      .map((order) => (x) => tf.transpose(x, order)),
  ),
  shaped('PadV2', (shape) =>
    fc
      .tuple(...shape.map(() => fc.tuple(fc.nat(2), fc.nat(2))))
      .map((paddings) => (x) => tf.pad(x, paddings as [number, number][], 0.5)),
  ),
  ...(['reflect', 'symmetric'] as const).map((mode) =>
    shaped(
      'MirrorPad',
      (shape) =>
        fc
          .tuple(...shape.map((length) => fc.tuple(fc.nat(length - 1), fc.nat(length - 1))))
          .map((paddings) => (x) => tf.mirrorPad(x, paddings as [number, number][], mode)),
      [1, 3],
      false,
    ),
  ),
  shaped('Concat', () => fc.constant((x) => tf.concat([x, tf.slice(x, 0, 1), tf.square(x)], 0))),
  shaped('Concat', (shape) => axisOf(shape).map((axis) => (x) => tf.concat([x, tf.square(x), x], axis))),
  shaped('Pack', (shape) => fc.nat(shape.length).map((axis) => (x) => tf.stack([x, tf.square(x)], axis))),
  shaped('Unpack', (shape) => axisOf(shape).map((axis) => (x) => tf.unstack(x, axis)), [1, 3], false),
  shaped('Unpack', (shape) => axisOf(shape).map((axis) => (x) => tf.unstack(tf.concat([x, x], axis), axis))),
  shaped('SplitV', (shape) =>
    axisOf(shape).map((axis) => (x) => tf.split(tf.concat([x, x], axis), [shape[axis] * 2 - 1, 1], axis)),
  ),
]

const indices = (count: number, length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(length - 1), { minLength: count, maxLength: count })

const indexingCases: readonly Case[] = [
  shaped('GatherV2', (shape) =>
    axisOf(shape).chain((axis) =>
      indices(4, shape[axis]).map((at) => (x) => tf.gather(x, tf.tensor2d(at, [2, 2], 'int32'), axis)),
    ),
  ),
  shaped(
    'GatherV2',
    (shape) =>
      indices(shape[0] * 2, shape[1]).map(
        (at) => (x) => tf.gather(x, tf.tensor2d(at, [shape[0], 2], 'int32'), 1, 1),
      ),
    [2, 3],
    false,
  ),
  shaped(
    'GatherNd',
    (shape) =>
      fc
        .tuple(indices(3, shape[0]), indices(3, shape[1]))
        .map(
          ([rows, columns]) =>
            (x) =>
              tf.gatherND(x, tf.tensor2d(rows.flatMap((row, i) => [row, columns[i]]), [3, 2], 'int32')),
        ),
    [2, 3],
    false,
  ),
  shaped(
    'ScatterNd',
    (shape) =>
      indices(shape[0], 4).map(
        (at) => (x) => tf.scatterND(tf.tensor2d(at, [shape[0], 1], 'int32'), x, [4, ...shape.slice(1)]),
      ),
    [1, 3],
    false,
  ),
  shaped(
    'TensorScatterUpdate',
    (shape) =>
      indices(1, shape[0]).map(
        (at) => (x) => tf.tensorScatterUpdate(x, tf.tensor2d(at, [1, 1], 'int32'), tf.neg(tf.slice(x, 0, 1))),
      ),
    [1, 3],
    false,
  ),
  shaped('UnsortedSegmentSum', (shape) =>
    indices(shape[0], 3).map((at) => (x) => tf.unsortedSegmentSum(x, tf.tensor1d(at, 'int32'), 3)),
  ),
  free(
    'OneHot',
    fc.record({
      inputs: fc.tuple(integers([4], -1, 3)),
      apply: fc.constant((at: Tensor) => tf.oneHot(at, 3, 2, -1)),
    }),
    false,
  ),
  free(
    'Select',
    shapes().chain((shape) =>
      fc.record({
        inputs: fc.tuple(booleans(shape), floats(shape, anywhere), floats(shape, { ...anywhere, which: 1 })),
        apply: fc.constant(tf.where as Apply),
      }),
    ),
  ),
  shaped(
    'TopK',
    (shape) =>
      fc.integer({ min: 1, max: shape[shape.length - 1] }).map((k) => (x) => Object.values(tf.topk(x, k)) as Tensor[]),
    [1, 3],
    false,
  ),
  free(
    'Unique',
    fc.record({
      inputs: fc.tuple(integers([6], 0, 3)),
      apply: fc.constant((x: Tensor) => Object.values(tf.unique(x)) as Tensor[]),
    }),
    false,
  ),
  free(
    'Unique',
    fc.record({
      inputs: fc.tuple(integers([2, 5], 0, 1)),
      apply: fc.constant((x: Tensor) => Object.values(tf.unique(x, 1)) as Tensor[]),
    }),
    false,
  ),
  ...([tf.lowerBound, tf.upperBound] as const).map((bound) =>
    free(
      'SearchSorted',
      fc.record({
        inputs: fc.tuple(
          fc.constant({ shape: [5], dtype: 'int32' as const, values: [0, 1, 1, 3, 4] }),
          integers([4], -1, 5),
        ),
        apply: fc.constant((sorted: Tensor, values: Tensor) => bound(sorted as tf.Tensor1D, values)),
      }),
      false,
    ),
  ),
]

const matrices = (
  kernel: string,
  apply: (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) => Tensor,
  batches: fc.Arbitrary<readonly [readonly number[], readonly number[]]>,
  differentiable = true,
): Case =>
  free(
    kernel,
    fc
      .tuple(small, small, small, fc.boolean(), fc.boolean(), batches)
      .chain(([n, k, m, transposeA, transposeB, [batchA, batchB]]) =>
        fc.record({
          inputs: fc.tuple(
            floats([...batchA, ...(transposeA ? [k, n] : [n, k])], anywhere),
            floats([...batchB, ...(transposeB ? [m, k] : [k, m])], anywhere),
          ),
          apply: fc.constant((a: Tensor, b: Tensor) => apply(a, b, transposeA, transposeB)),
        }),
      ),
    differentiable,
  )

const flat: fc.Arbitrary<readonly [readonly number[], readonly number[]]> = fc.constant([[], []])
const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const

const matrixCases: readonly Case[] = [
  matrices('BatchMatMul', tf.matMul, flat),
  matrices('BatchMatMul', tf.matMul, fc.constant([[2], [2]])),
  matrices('BatchMatMul', tf.matMul, fc.constantFrom([[1], [2]], [[2], [1]], [[], [3]]), false),
  ...activations.map((activation) =>
    matrices(
      '_FusedMatMul',
      (a, b, transposeA, transposeB) =>
        tf.fused.matMul({
          a,
          b,
          transposeA,
          transposeB,
          bias: tf.sum(a),
          activation,
          leakyreluAlpha: 0.25,
        }),
      flat,
    ),
  ),
  free(
    'Einsum',
    fc.tuple(small, small, small).chain(([i, j, k]) =>
      fc.record({
        inputs: fc.tuple(floats([i, j], anywhere), floats([j, k], anywhere)),
        apply: fc.constantFrom(
          (a: Tensor, b: Tensor) => tf.einsum('ij,jk->ik', a, b),
          (a: Tensor, b: Tensor) => tf.einsum('ij,jk->ki', a, b),
          (a: Tensor) => tf.einsum('ij->j', a),
        ),
      }),
    ),
    false,
  ),
  shaped('Diag', () => fc.constant((x) => tf.diag(x)), [1, 2], false),
  shaped('Softmax', () => fc.constant((x) => tf.softmax(x))),
]

const creationCases: readonly Case[] = [
  constantly('Range', () => tf.range(0, 5, 2)),
  constantly('Range', () => tf.range(3, -2)),
  constantly('Range', () => tf.range(1, 1)),
  constantly('LinSpace', () => tf.linspace(-1, 2, 7)),
  constantly('LinSpace', () => tf.linspace(-1, 2, 1)),
  constantly('Fill', () => fill([2, 2], 3, 'int32')),
]

export const cases: readonly Case[] = [
  ...unaryCases,
  ...binaryCases,
  ...reductionCases,
  ...layoutCases,
  ...indexingCases,
  ...matrixCases,
  ...creationCases,
]
