import { mongeError } from '@monge/errors'

/** The words that `--loss` takes. */
export const lossNames = ['sinkhorn', 'gaussian', 'laplacian', 'energy', 'hausdorff'] as const
export type LossName = (typeof lossNames)[number]

/** What a loss is made of, with GeomLoss's meaning of each. */
export interface LossParameters {
  readonly loss: LossName
  readonly p?: number
  readonly blur?: number
  readonly reach?: number
  readonly scaling?: number
}

type Parameter = Exclude<keyof LossParameters, 'loss'>

const takes: Readonly<Record<LossName, readonly Parameter[]>> = {
  sinkhorn: ['p', 'blur', 'reach', 'scaling'],
  hausdorff: ['p', 'blur', 'reach', 'scaling'],
  gaussian: ['blur'],
  laplacian: ['blur'],
  energy: [],
}

/** The loss with its parameters; one that it has no use for is an error, since it would have no effect. */
export const lossOf = (parameters: LossParameters): LossParameters => {
  const { loss, ...rest } = parameters
  const idle = Object.keys(rest).find((key) => !takes[loss].some((name) => name === key))
  if (idle !== undefined) throw mongeError('InvalidOption', `--${idle}`, `means nothing to the ${loss} loss`)
  return parameters
}

const kernelNames: Partial<Record<LossName, string>> = {
  gaussian: 'Gaussian',
  laplacian: 'Laplacian',
  energy: 'Energy distance',
}

/** The loss in words, for titles. */
export const titleOf = ({ loss, p, blur, reach, scaling }: LossParameters): string =>
  [
    kernelNames[loss] ?? (loss === 'sinkhorn' ? 'Sinkhorn' : 'Hausdorff'),
    ...(p === undefined ? [] : [`p = ${p}`]),
    ...(blur === undefined ? [] : [`blur ${blur}`]),
    ...(reach === undefined ? [] : [`reach ${reach}`]),
    ...(scaling === undefined ? [] : [`scaling ${scaling}`]),
  ].join(', ')

/** The loss as the name of a file. */
export const slugOf = ({ loss, p, blur, reach, scaling }: LossParameters): string =>
  [
    loss,
    ...(p === undefined ? [] : [`p${p}`]),
    ...(blur === undefined ? [] : [`blur${blur}`]),
    ...(reach === undefined ? [] : [`reach${reach}`]),
    ...(scaling === undefined ? [] : [`scaling${scaling}`]),
  ].join('-')

/** The nine losses of GeomLoss's example, in its order. */
export const published: readonly LossParameters[] = [
  { loss: 'gaussian', blur: 0.5 },
  { loss: 'gaussian', blur: 0.1 },
  { loss: 'laplacian', blur: 0.1 },
  { loss: 'energy' },
  { loss: 'sinkhorn', p: 1, blur: 1 },
  { loss: 'sinkhorn', p: 1, blur: 0.01 },
  { loss: 'sinkhorn', p: 2, blur: 1 },
  { loss: 'sinkhorn', p: 2, blur: 0.01 },
  { loss: 'sinkhorn', p: 2, blur: 0.01, reach: 0.3 },
]

/** What to look for in a loss's pictures. */
export const noteOf = ({ loss, p, reach }: LossParameters): string => {
  const kinds: Readonly<Record<LossName, readonly string[]>> = {
    gaussian: [
      'Points feel only what lies within about a blur:',
      'narrow kernels strand those that start far away, wide ones see no detail.',
    ],
    laplacian: [
      'As the Gaussian kernel, but with a peak and longer tails: details come sooner, and distant points too.',
    ],
    energy: ['No scale to choose: every point is pulled from any distance. The last points lag behind.'],
    sinkhorn:
      p === 1
        ? [
            'Transport at the cost of distance: with a small blur all points move at one speed, and overshoot when',
            'they arrive; a large blur comes close to the energy distance.',
          ]
        : [
            'Transport at the cost of squared distance: each point heads straight for its partner, and all arrive',
            'together. A large blur matches little more than the means.',
          ],
    hausdorff: ['A soft Hausdorff divergence: what is farthest from the other cloud counts most.'],
  }
  return [...kinds[loss], ...(reach === undefined ? [] : ['Mass farther off than the reach pulls no point.'])].join(' ')
}

/** Whether a loss is the norm of a kernel, rather than a transport cost. */
export const isKernelNorm = ({ loss }: LossParameters): boolean => kernelNames[loss] !== undefined
