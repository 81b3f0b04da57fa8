import type { Reduction, Tile } from './reduction.js'
import { logarithm } from './shader.js'
import type { Shader } from './shader.js'

type Fold = Reduction['fold']

const start: Readonly<Record<Fold, string>> = { softmin: '-3.4e38', minimum: '3.4e38', sum: '0.0' }

const fold: Readonly<Record<Fold, string>> = {
  softmin: `
        vec4 gap = next - whole;
        vec4 e = exp(-abs(gap));
        count = mix(count + e, count * e + 1.0, greaterThan(gap, vec4(0.0)));
        whole = max(whole, next);`,
  minimum: 'whole = min(whole, next);',
  sum: 'whole += next;',
}

/** Brings the chunks of a draw, and what came before (`before`), together: `[part, chunk, group]` to `[part, group]`. */
export const mergeShader = (kind: Fold, before: boolean): Shader =>
  merges[`${kind} ${before}`] ?? makeMerge(kind, before)

const merges: Record<string, Shader> = {}

const makeMerge = (kind: Fold, before: boolean): Shader => {
  const made: Shader = {
    inputs: ['parts', ...(before ? ['before'] : [])],
    reads: 'quads',
    writes: 'quads',
    uniforms: [
      { name: 'chunks', type: 'int' },
      { name: 'groups', type: 'int' },
    ],
    source: `
    ${logarithm}
    void main() {
      int index = outIndex();
      int part = index / groups;
      int group = index - part * groups;
      vec4 count = vec4(0.0);
      vec4 whole = vec4(${start[kind]});
      for (int chunk = ${before ? '-1' : '0'}; chunk < chunks; chunk++) {
        vec4 next = ${before ? 'chunk < 0 ? beforeAt(index) : ' : ''}partsAt((part * chunks + chunk) * groups + group);
        ${fold[kind]}
      }
      setOutput(${kind === 'softmin' ? 'logged(whole, count)' : 'whole'});
    }`,
  }
  merges[`${kind} ${before}`] = made
  return made
}

/** Lays the results out as tfjs does, row by row; a softmin's is `-epsilon (result + raise)`. */
export const resultShader = (kind: Fold, tile: Tile): Shader => {
  const key = `${kind} ${tile.rows}`
  const known = results[key]
  if (known !== undefined) return known
  const softmin = kind === 'softmin'
  const made: Shader = {
    inputs: ['quads'],
    reads: 'quads',
    writes: 'numbers',
    uniforms: [
      { name: 'groups', type: 'int' },
      { name: 'components', type: 'int' },
      ...(softmin ? [{ name: 'scale', type: 'float', length: 2 } as const] : []),
    ],
    source: `
    void main() {
      int index = outIndex();
      int row = index / components;
      int component = index - row * components;
      int part = component / ${tile.components};
      int group = row / ${tile.rows};
      int lane = (row - group * ${tile.rows}) * ${tile.components} + component - part * ${tile.components};
      float result = quadsAt(part * groups + group)[lane];
      setOutput(${softmin ? '-scale[0] * (result + scale[1])' : 'result'});
    }`,
  }
  results[key] = made
  return made
}

const results: Record<string, Shader> = {}
