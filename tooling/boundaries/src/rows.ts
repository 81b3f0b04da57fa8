/*
 * The house: which package stands in which row, and which rows a row may import from. Engines implement the ground's
 * interface and are injected by callers, so nothing but the umbrella may import one.
 */

export type Row = 'engines' | 'ground' | 'vocabulary' | 'algorithms' | 'top'

export const rows: Readonly<Record<Row, readonly string[]>> = {
  engines: ['@monge/backend-reference', '@monge/backend-simd', '@monge/backend-webgl', '@monge/backend-webgpu'],
  ground: ['@monge/errors', '@monge/backend'],
  vocabulary: ['@monge/random', '@monge/measures', '@monge/costs', '@monge/kernels', '@monge/losses'],
  algorithms: [
    '@monge/sinkhorn',
    '@monge/exact',
    '@monge/sliced',
    '@monge/flows',
    '@monge/generators',
    '@monge/langevin',
    '@monge/laws',
    '@monge/viz',
  ],
  top: ['monge'],
}

export const allowed: Readonly<Record<Row, readonly Row[]>> = {
  engines: ['ground'],
  ground: ['ground'],
  vocabulary: ['vocabulary', 'ground'],
  algorithms: ['algorithms', 'vocabulary', 'ground'],
  top: ['algorithms', 'vocabulary', 'ground', 'engines'],
}

/** The row that a package stands in, if it has one. */
export const rowOf = (name: string): Row | undefined =>
  (Object.keys(rows) as Row[]).find((row) => rows[row].includes(name))
