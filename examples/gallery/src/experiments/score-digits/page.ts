import { sheet, size as pixels } from '@monge-tooling/handwriting'
import type { Pictures } from '@monge-tooling/handwriting'
import type { Page, Size } from '../../experiment.js'
import { inside } from '../../inside.js'
import type { Extra } from './extra.js'
import { ways } from './ways.js'

const words: Readonly<Record<string, string>> = {
  diffusion: 'reverse diffusion',
  flow: 'probability flow',
  annealed: 'annealed Langevin',
}

const picturesOf = (bytes: Uint8Array, count: number): Pictures =>
  Array.from({ length: count }, (_, row) => Float32Array.from(bytes.subarray(row * pixels, (row + 1) * pixels), (byte) => byte / 255))

const levelText = (level: number): string => (level === 0 ? 'no noise' : `noise σ = ${level.toPrecision(2)}`)

/** Pictures in a panel's row, and panels: beside each other or, where it is narrow, one above the other. */
const shapeOf = (count: number, { width, height }: Size): { readonly columns: number; readonly across: number; readonly scale: number } => {
  const narrow = width < 620
  const columns = Math.ceil(Math.sqrt(count))
  const [wide, high] = narrow ? [width - 32, Infinity] : [(width - 48) / 2, height - 70]
  const scale = Math.min(wide / columns, high / Math.ceil(count / columns))
  return { columns, across: narrow ? 1 : 2, scale: Math.max(8, Math.floor(scale)) }
}

export const page: Page = {
  id: 'score-digits',
  title: 'Noise becomes digits',
  about: [
    `A small network has learned the score of 826 handwritten threes (MNIST) blurred by noise: the direction in which a noisy picture
    gets more likely. Samplers follow it from pure noise to threes that nobody wrote. On the one side the pictures on their way, on the
    other what the network takes them for: the mean of all clean pictures that the noise may hide.`,
    `The reverse diffusion goes down in noise by x + (σ² - σ'²) s(x, σ) + √(σ² - σ'²) ξ. The probability flow has the same laws and no
    chance but that of the start. Annealed Langevin takes six Langevin steps at each level. Fewer levels are faster and rougher.`,
    `The network came with the page, a byte a parameter; nothing is learned here, and no picture of MNIST is in it. The story trains it,
    in minutes.`,
  ],
  source: 'examples/score-digits',
  controls: [
    {
      kind: 'choice',
      name: 'sampler',
      label: 'Sampler',
      options: ways.map((value) => ({ value, label: words[value] ?? value })),
      initial: 'diffusion',
    },
    { kind: 'range', name: 'levels', label: 'Levels of noise', min: 5, max: 100, step: 5, initial: 60 },
    { kind: 'range', name: 'pictures', label: 'Pictures', min: 4, max: 36, step: 1, initial: 16 },
    { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 100, step: 1, initial: 0 },
  ],
  curves: [],
  readings: [
    { reading: 'level', label: 'noise σ' },
    { reading: 'apart', label: 'apart from the guess' },
    { reading: 'ink', label: 'ink of the guess' },
  ],
  mode: 'slider',
  backends: ['simd', 'wasm', 'webgl'],
  draw: ({ extra }, _, size) => {
    const { count, level, noisy, guessed } = extra as Extra
    const scene = sheet(
      levelText(level),
      'Pictures as noise is taken from them, and what the model takes them for.',
      [
        { title: 'on their way', pictures: picturesOf(noisy, count) },
        { title: 'what the network takes them for', pictures: picturesOf(guessed, count) },
      ],
      shapeOf(count, size),
    )
    return inside({ width: size.width, height: scene.height })(scene)
  },
}
