/** Where the target stands. */
export const around: readonly number[] = [7, -4]

/** The samplers by name. */
export const samplerNames = ['ULA', 'MALA', 'BAOAB'] as const
export type SamplerName = (typeof samplerNames)[number]

/** The variance of the uniform distribution on (-10, 10). */
const spread = 100 / 3

/** A multiple of the identity of the plane. */
export const identity = (variance: number): readonly (readonly number[])[] => [
  [variance, 0],
  [0, variance],
]

/** The mean and, the same on both axes, the variance of the particles' law. */
export interface Law {
  readonly mean: readonly number[]
  readonly variance: number
}

/** The law that keeps the part `kept` of the start's offset and `shared` of its variance, and gains a variance. */
const lawOf = (kept: number, shared: number, gained: number): Law => ({
  mean: around.map((goal) => goal * (1 - kept)),
  variance: shared * spread + gained,
})

/** A place and a velocity on one axis, each as what it keeps of the start's place and of its velocity, and their noise. */
interface Motion {
  readonly place: readonly [number, number]
  readonly velocity: readonly [number, number]
  /** Variances of place and velocity, and what they have in common, that noise has brought in. */
  readonly noise: readonly [place: number, common: number, velocity: number]
}

const still: Motion = { place: [1, 0], velocity: [0, 1], noise: [0, 0, 0] }

const kick = (rate: number, { place, velocity, noise: [p, c, v] }: Motion): Motion => ({
  place,
  velocity: [velocity[0] - rate * place[0], velocity[1] - rate * place[1]],
  noise: [p, c - rate * p, v - 2 * rate * c + rate * rate * p],
})

const drift = (time: number, { place, velocity, noise: [p, c, v] }: Motion): Motion => ({
  place: [place[0] + time * velocity[0], place[1] + time * velocity[1]],
  velocity,
  noise: [p + 2 * time * c + time * time * v, c + time * v, v],
})

const forget = (kept: number, { place, velocity, noise: [p, c, v] }: Motion): Motion => ({
  place,
  velocity: [kept * velocity[0], kept * velocity[1]],
  noise: [p, kept * c, kept * kept * v + 1 - kept * kept],
})

/** BAOAB on a parabola, with friction 1: half a kick, half a drift, noise, half a drift, half a kick. */
const baoab = (step: number, count: number): Motion => {
  const [half, kept] = [step / 2, Math.exp(-step)]
  let motion = still
  for (let k = 0; k < count; k++) motion = kick(half, drift(half, forget(kept, drift(half, kick(half, motion)))))
  return motion
}

/**
 * The particles' law after a number of steps: of the unadjusted algorithm and of BAOAB that of the scheme, exactly; of the
 * adjusted algorithm that of the diffusion, which short steps follow.
 */
export const lawAfter = (step: number, count: number, sampler: SamplerName = 'ULA'): Law => {
  if (sampler === 'ULA') {
    const kept = (1 - step) ** count
    return lawOf(kept, kept ** 2, (1 - kept ** 2) / (1 - step / 2))
  }
  if (sampler === 'MALA') {
    const kept = Math.exp(-step * count)
    return lawOf(kept, kept ** 2, 1 - kept ** 2)
  }
  const { place, noise } = baoab(step, count)
  // Velocities start with variance 1 and mean 0.
  return lawOf(place[0], place[0] ** 2, place[1] ** 2 + noise[0])
}
