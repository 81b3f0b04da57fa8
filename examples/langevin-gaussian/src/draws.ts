import { emdSamples } from '@monge/exact'
import { fold, key, normal } from '@monge/random'
import { cloudOf } from './sampling.js'
import type { Cloud } from './sampling.js'
import { around } from './theory.js'

const drawn = (count: number, seed: number, turn: number): Cloud =>
  cloudOf(normal(2 * count)(fold(turn)(key(seed))).map((value, entry) => value + (around[entry % 2] ?? 0)))

/** Exact W2 between particles and independent draws of the target. */
export const distanceToDraws = (cloud: Cloud, count: number, seed: number): number =>
  emdSamples({ x: cloud, y: drawn(count, seed, 2), p: 2 }).distance

/** As many independent draws of the target: what no sampler can be nearer than. */
export const perfect = (count: number, seed: number): Cloud => drawn(count, seed, 3)
