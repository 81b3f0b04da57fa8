import type { Pairwise, Profile } from '@monge/backend'

/**
 * A function of two points in GLSL: with `total = sum_k magnitude(x_k - y_k)` it is `value(total)`, and its derivative
 * in `x_k` is `outer(total) inner(x_k - y_k)`. Numbers are uniforms, so that all of one form share their shaders.
 */
export interface CostCode {
  readonly functions: string
  readonly constants: readonly number[]
}

/** The code of a cost, or undefined where it holds a user's function. Matrices have none: they are read. */
export const costCode = (pairwise: Pairwise): CostCode | undefined => {
  switch (pairwise.tag) {
    case 'radial':
      return radialCode(pairwise.profile)
    case 'lp':
      return lpCode(pairwise.order, pairwise.exponent, pairwise.scale)
    case 'matrix':
    case 'function':
      return undefined
  }
}

/** Collects numbers; each is known to the shader by its place. */
type Place = (value: number) => string

const collect = (body: (place: Place) => string | undefined): CostCode | undefined => {
  const constants: number[] = []
  const functions = body((value) => `constants[${constants.push(value) - 1}]`)
  return functions === undefined ? undefined : { functions, constants }
}

const radialCode = (profile: Profile): CostCode | undefined =>
  collect((place) => {
    const code = profileCode(place, profile)
    return (
      code &&
      `
    float magnitude(float t) { return t * t; }
    float inner(float t) { return t; }
    float value(float s) { return ${code.value}; }
    float outer(float s) { return 2.0 * (${code.slope}); }`
    )
  })

const lpCode = (order: number, exponent: number, scale: number): CostCode | undefined =>
  collect((place) => {
    const magnitude = order === 2 ? 't * t' : power(place, order, 'abs(t)')
    const inner = order === 2 ? 't' : order === 1 ? 'sign(t)' : `sign(t) * ${powerOrZero(place, order - 1, 'abs(t)')}`
    return `
    float magnitude(float t) { return ${magnitude}; }
    float inner(float t) { return ${inner}; }
    float value(float s) { return ${place(scale)} * ${power(place, exponent, 's')}; }
    float outer(float s) { return ${place(scale * exponent * order)} * ${powerOrZero(place, exponent - 1, 's')}; }`
  })

interface ProfileCode {
  readonly value: string
  readonly slope: string
}

const profileCode = (place: Place, profile: Profile): ProfileCode | undefined => {
  switch (profile.tag) {
    case 'power': {
      const { scale, shift, exponent } = profile
      const base = shifted(place, shift)
      return {
        value: `${place(scale)} * ${power(place, exponent, base)}`,
        slope: `${place(scale * exponent)} * ${powerOrZero(place, exponent - 1, base)}`,
      }
    }
    case 'exponential': {
      const { scale, rate, shift, exponent } = profile
      const base = shifted(place, shift)
      const decay = `exp(${place(-rate)} * ${power(place, exponent, base)})`
      return {
        value: `${place(scale)} * ${decay}`,
        slope: `${place(-scale * rate * exponent)} * ${powerOrZero(place, exponent - 1, base)} * ${decay}`,
      }
    }
    case 'sum': {
      const terms = allOf(place, profile.terms)
      return (
        terms && {
          value: joined(
            terms.map(({ value }) => value),
            ' + ',
            '0.0',
          ),
          slope: joined(
            terms.map(({ slope }) => slope),
            ' + ',
            '0.0',
          ),
        }
      )
    }
    case 'product': {
      const factors = allOf(place, profile.factors)
      const values = factors?.map(({ value }) => value)
      return (
        values && {
          value: joined(values, ' * ', '1.0'),
          slope: joined(
            factors?.map(({ slope }, index) => joined(values.with(index, slope), ' * ', '1.0')) ?? [],
            ' + ',
            '0.0',
          ),
        }
      )
    }
    case 'custom':
      return undefined
  }
}

const allOf = (place: Place, profiles: readonly Profile[]): readonly ProfileCode[] | undefined => {
  const codes = profiles.flatMap((profile) => profileCode(place, profile) ?? [])
  return codes.length === profiles.length ? codes : undefined
}

const joined = (parts: readonly string[], operator: string, neutral: string): string =>
  parts.length === 0 ? neutral : parts.map((part) => `(${part})`).join(operator)

const shifted = (place: Place, shift: number): string => (shift === 0 ? 's' : `(s + ${place(shift)})`)

/** `base^exponent` for a base that is not negative; the usual exponents without a logarithm. */
const power = (place: Place, exponent: number, base: string): string => {
  switch (exponent) {
    case 0:
      return '1.0'
    case 1:
      return base
    case 2:
      return `squared(${base})`
    case 0.5:
      return `sqrt(${base})`
    case 1.5:
      return `(${base} * sqrt(${base}))`
    case -0.5:
      return `inverseRoot(${base})`
    default:
      return `raised(${base}, ${place(exponent)})`
  }
}

/** The same, but zero where it is infinite. */
const powerOrZero = (place: Place, exponent: number, base: string): string =>
  exponent >= 0 ? power(place, exponent, base) : `(${base} > 0.0 ? finite(${power(place, exponent, base)}) : 0.0)`

/** What the code of costs calls. */
export const costPrelude = `
    const float infinite = 3.4e38;
    float squared(float base) { return base * base; }
    float inverseRoot(float base) { return base > 0.0 ? inversesqrt(base) : infinite; }
    float raised(float base, float exponent) {
      return base > 0.0 ? pow(base, exponent) : exponent > 0.0 ? 0.0 : infinite;
    }
    float finite(float number) { return abs(number) < infinite ? number : 0.0; }`
