import type { Profile } from '@monge/backend'
import { codes, registers, stepBytes, stepFields } from './layout.js'

/** One step of what the kernels do to a tile of squared distances. Buffer 0 holds those; results go to others. */
export interface Step {
  readonly code: number
  readonly target: number
  readonly source: number
  readonly finite: boolean
  readonly scale: number
  readonly rate: number
  readonly shift: number
  readonly exponent: number
}

/** `scale * result of steps`; no steps leave the squared distances as they are. */
export interface Program {
  readonly steps: readonly Step[]
  readonly scale: number
}

/** The profile as a program, or undefined where it holds a user's function, or nests too deep for the buffers. */
export const programOf = (profile: Profile): Program | undefined => {
  if (profile.tag === 'power') {
    const { scale, shift, exponent } = profile
    if (shift === 0 && exponent === 1) return { steps: [], scale }
    return { steps: [step(codes.power, 1, { shift, exponent })], scale }
  }
  const steps = compile(profile, 1, false)
  return steps && { steps, scale: 1 }
}

/** The program of twice the profile's derivative in `s`: what `x - y` is multiplied by in the gradient. */
export const slopeProgramOf = (profile: Profile): Program | undefined => {
  const slope = derivative(profile)
  if (slope === undefined) return undefined
  if (slope.tag === 'power' && slope.exponent === 0) return { steps: [], scale: 2 * slope.scale }
  const steps = compile(slope, 1, true)
  return steps && { steps, scale: 2 }
}

/** The derivative is a profile again; its powers are zero where they would be infinite. */
const derivative = (profile: Profile): Profile | undefined => {
  switch (profile.tag) {
    case 'power': {
      const { scale, shift, exponent } = profile
      return { tag: 'power', scale: scale * exponent, shift, exponent: exponent - 1 }
    }
    case 'exponential': {
      const { scale, rate, shift, exponent } = profile
      return {
        tag: 'product',
        factors: [{ tag: 'power', scale: -scale * rate * exponent, shift, exponent: exponent - 1 }, { ...profile, scale: 1 }],
      }
    }
    case 'sum': {
      const terms = profile.terms.map(derivative)
      return terms.every((term) => term !== undefined) ? { tag: 'sum', terms } : undefined
    }
    case 'product': {
      const slopes = profile.factors.map(derivative)
      if (!slopes.every((slope) => slope !== undefined)) return undefined
      const terms = slopes.map((slope, index): Profile => ({ tag: 'product', factors: profile.factors.with(index, slope) }))
      return { tag: 'sum', terms }
    }
    case 'custom':
      return undefined
  }
}

const step = (code: number, target: number, fields: Partial<Step>): Step => ({
  code,
  target,
  source: 0,
  finite: false,
  scale: 1,
  rate: 0,
  shift: 0,
  exponent: 1,
  ...fields,
})

const compile = (profile: Profile, target: number, finite: boolean): readonly Step[] | undefined => {
  if (target > registers) return undefined
  switch (profile.tag) {
    case 'power': {
      const { scale, shift, exponent } = profile
      return [step(codes.power, target, { scale, shift, exponent, finite })]
    }
    case 'exponential': {
      const { scale, shift, exponent } = profile
      // The kernels' exponentials are to the base 2.
      return [step(codes.exponential, target, { scale, rate: -profile.rate * Math.LOG2E, shift, exponent, finite })]
    }
    case 'sum':
      return combined(profile.terms, codes.add, 0, target, finite)
    case 'product':
      return combined(profile.factors, codes.multiply, 1, target, finite)
    case 'custom':
      return undefined
  }
}

const combined = (
  parts: readonly Profile[],
  code: number,
  neutral: number,
  target: number,
  finite: boolean,
): readonly Step[] | undefined => {
  const [first, ...rest] = parts
  if (first === undefined) return [step(codes.power, target, { scale: neutral, exponent: 0 })]
  const start = compile(first, target, finite)
  const others = rest.map((part) => compile(part, target + 1, finite))
  return start && others.every((steps) => steps !== undefined)
    ? [...start, ...others.flatMap((steps) => [...steps, step(code, target, { source: target + 1 })])]
    : undefined
}

/** Writes the steps as the kernels read them. */
export const writeProgram = (steps: readonly Step[], view: DataView): void =>
  steps.forEach((each, index) => {
    const at = index * stepBytes
    view.setInt32(at + stepFields.code, each.code, true)
    view.setInt32(at + stepFields.target, each.target, true)
    view.setInt32(at + stepFields.source, each.source, true)
    view.setInt32(at + stepFields.finite, Number(each.finite), true)
    view.setFloat64(at + stepFields.scale, each.scale, true)
    view.setFloat64(at + stepFields.rate, each.rate, true)
    view.setFloat64(at + stepFields.shift, each.shift, true)
    view.setFloat64(at + stepFields.exponent, each.exponent, true)
  })
