import { costPrelude } from './cost-code.js'
import { logarithm } from './shader.js'
import type { Shader } from './shader.js'

/** What a reduction over the columns of the matrix computes for each row. */
export interface Reduction {
  /** The log of a sum of exponentials, a minimum, or a sum. */
  readonly fold: 'softmin' | 'minimum' | 'sum'
  /** What is summed: `P_ij` or 1, times ... */
  readonly plan: boolean
  /** `c_ij` or 1, times ... */
  readonly cost: boolean
  /** `v_jk`, `u_i · v_j dc/dx_k`, or 1. */
  readonly values: 'given' | 'slopes' | 'ones'
  /** The room of `v_j`, in numbers. */
  readonly width: number
}

/** The cost that the shader computes (of points with room for so many coordinates), or reads (`functions` undefined). */
export interface Form {
  readonly functions: string | undefined
  readonly constants: number
  readonly room: number
}

/*
 * Records are filled up with zeros, which add nothing to a distance or a product: compiling a shader takes longer than
 * most that it is used for, and so a few serve all dimensions.
 */

/** The room for coordinates: with a log-scaling they fill whole texels. */
export const roomOfPoint = (dimension: number): number => 4 * Math.ceil((dimension + 1) / 4) - 1

/** The room for values. */
export const roomOfValues = (width: number): number => (width === 1 ? 1 : 4 * Math.ceil(width / 4))

/** Numbers that the shader computes for each row. */
export const componentsOf = ({ values, width }: Reduction, { room }: Form): number =>
  values === 'ones' ? 1 : values === 'given' ? width : room

/** How results lie in a texel: four rows of one number, which share what is fetched of a column, or four of one row. */
export interface Tile {
  readonly rows: number
  readonly components: number
}

export const tileOf = (components: number): Tile =>
  components === 1 ? { rows: 4, components: 1 } : { rows: 1, components: 4 }

const shaders = new Map<string, Shader>()

/** The shader of a reduction over a part of the columns: texels `[part, chunk, group]`. */
export const reductionShader = (reduction: Reduction, form: Form): Shader => {
  const { fold, plan, cost, values, width } = reduction
  const key = [fold, plan, cost, values, width, form.room, form.functions].join()
  const known = shaders.get(key)
  if (known !== undefined) return known
  const made = makeShader(reduction, form)
  shaders.set(key, made)
  return made
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const lines = (parts: readonly string[]): string => parts.join('\n        ')
const channel = (place: number): string => `${Math.floor(place / 4)}.${'xyzw'.charAt(place % 4)}`

const makeShader = (reduction: Reduction, form: Form): Shader => {
  const { fold, plan, cost, values, width } = reduction
  const { functions, constants, room: d } = form
  const components = componentsOf(reduction, form)
  const tile = tileOf(components)
  const read = functions === undefined
  const [lanes, rows] = [upTo(4), upTo(tile.rows)]
  // Records: coordinates, then the log-scaling (or potential), then the values.
  const scaled = plan || fold !== 'sum'
  const rowNumbers = d + (plan ? 1 : 0) + (values === 'slopes' ? width : 0)
  const columnNumbers = d + (scaled ? 1 : 0) + (values === 'ones' ? 0 : width)
  const [rowTexels, columnTexels] = [Math.ceil(rowNumbers / 4), Math.ceil(columnNumbers / 4)]
  const [p, u] = [d, d + (plan ? 1 : 0)]
  const [q, v] = [d, d + (scaled ? 1 : 0)]
  const x = (row: number, place: number): string => `x${row}_${channel(place)}`
  const y = (place: number): string => `y${channel(place)}`
  const rowOf = (lane: number): number => Math.floor(lane / tile.components)
  const single = components <= tile.components
  const needsCost = cost || plan || fold !== 'sum'

  const total = (row: number): string =>
    read ? '' : `float s${row} = ${joinedSum(upTo(d).map((k) => `magnitude(${x(row, k)} - ${y(k)})`))};`
  const entry = (row: number): string =>
    !needsCost
      ? ''
      : read
        ? `float c${row} = tile[${tile.rows === 4 ? row : `row${row} & 3`}];`
        : `float c${row} = value(s${row});`
  const product = (row: number): string => joinedSum(upTo(width).map((k) => `${x(row, u + k)} * ${y(v + k)}`))
  const weight = (row: number): string => {
    const share = plan ? `exp((${x(row, p)} + ${y(q)}) - c${row} / epsilon)` : '1.0'
    const parts = [
      ...(plan ? [`w${row}`] : []),
      ...(cost ? [`c${row}`] : []),
      ...(values === 'slopes' ? [`(${product(row)})`, `outer(s${row})`] : []),
    ]
    const whole = parts.length === 0 ? '1.0' : parts.join(' * ')
    // No share of an infinite cost is none of it.
    return `${plan ? `float w${row} = ${share};` : ''} float e${row} = ${plan && cost ? `w${row} > 0.0 ? ${whole} : 0.0` : whole};`
  }
  const component = (lane: number): string => `min(part * 4 + ${lane}, ${components - 1})`
  const laneValue = (lane: number): string => {
    const row = rowOf(lane)
    const index = lane % tile.components
    if (values === 'ones') return `e${row}`
    if (single && index >= components) return '0.0'
    if (values === 'given')
      return single ? `e${row} * ${y(v + index)}` : `e${row} * field(j, ${v} + ${component(lane)})`
    return single
      ? `e${row} * inner(${x(row, index)} - ${y(index)})`
      : `e${row} * inner(own(row${row}, ${component(lane)}) - field(j, ${component(lane)}))`
  }
  const exponents = `vec4(${lanes.map((row) => `${y(q)} - c${row} / epsilon`).join(', ')})`
  const step =
    fold === 'softmin'
      ? `vec4 h = ${exponents};
        vec4 gap = h - top;
        vec4 e = exp(-abs(gap));
        partial = mix(partial + e, partial * e + 1.0, greaterThan(gap, vec4(0.0)));
        top = max(top, h);`
      : fold === 'minimum'
        ? `partial = min(partial, vec4(${lanes.map((row) => `c${row} - ${y(q)}`).join(', ')}));`
        : `partial += vec4(${lanes.map(laneValue).join(', ')});`
  const empty = fold === 'minimum' ? '3.4e38' : '0.0'
  const combine =
    fold === 'softmin'
      ? `vec4 gap = top - highest;
        vec4 e = exp(-abs(gap));
        whole = mix(whole + partial * e, whole * e + partial, greaterThan(gap, vec4(0.0)));
        highest = max(highest, top);`
      : fold === 'minimum'
        ? 'whole = min(whole, partial);'
        : 'whole += partial;'

  return {
    inputs: [...(rowTexels > 0 ? ['rows'] : []), 'columns', ...(read ? ['tiles'] : [])],
    reads: 'quads',
    writes: 'quads',
    uniforms: [
      { name: 'sizes', type: 'int', length: 3 },
      { name: 'range', type: 'int', length: 4 },
      { name: 'epsilon', type: 'float' },
      ...(constants > 0 ? [{ name: 'constants', type: 'float' as const, length: constants }] : []),
    ],
    // Sums of 32 terms are summed: with two levels rounding does not grow with the number of columns, and there is
    // nothing in it (as in compensated sums) that a driver could simplify away.
    source: `
    ${costPrelude}
    ${logarithm}
    ${functions ?? ''}
    ivec2 cursor;
    vec4 next(int width) {
      vec4 texel = texelFetch(columns, cursor, 0);
      cursor.x += 1;
      if (cursor.x == width) cursor = ivec2(0, cursor.y + 1);
      return texel;
    }
    float field(int column, int place) { return columnsAt(column * ${columnTexels} + place / 4)[place & 3]; }
    ${rowTexels > 0 ? `float own(int row, int place) { return rowsAt(row * ${rowTexels} + place / 4)[place & 3]; }` : ''}
    void main() {
      int rowCount = sizes[0];
      int columnCount = sizes[1];
      int groups = (rowCount + ${tile.rows - 1}) / ${tile.rows};
      int first = range[0];
      int last = range[1];
      int chunk = range[2];
      int chunks = range[3];
      int index = outIndex();
      int block = index / groups;
      int group = index - block * groups;
      int part = block / chunks;
      int start = first + (block - part * chunks) * chunk;
      int end = min(start + chunk, last);
      if (part >= sizes[2]) end = start;
      ${lines(rows.map((row) => `int row${row} = min(group * ${tile.rows} + ${row}, rowCount - 1);`))}
      ${lines(rows.flatMap((row) => upTo(rowTexels).map((texel) => `vec4 x${row}_${texel} = rowsAt(row${row} * ${rowTexels} + ${texel});`)))}
      int width = columnsTexShape[1] / 2;
      int at = start * ${columnTexels};
      cursor = ivec2(at - (at / width) * width, at / width);
      vec4 whole = vec4(${empty});
      vec4 highest = vec4(-3.4e38);
      for (int from = start; from < end; from += 32) {
        int to = min(from + 32, end);
        vec4 partial = vec4(${empty});
        vec4 top = vec4(-3.4e38);
        for (int j = from; j < to; j++) {
        ${lines(upTo(columnTexels).map((texel) => `vec4 y${texel} = next(width);`))}
        ${read ? `vec4 tile = tilesAt(${tile.rows === 4 ? 'group' : '(group / 4)'} * columnCount + j);` : ''}
        ${lines(rows.map((row) => `${total(row)} ${entry(row)}`))}
        ${fold === 'sum' ? lines(rows.map(weight)) : ''}
        ${step}
        }
        ${combine}
      }
      setOutput(${fold === 'softmin' ? 'logged(highest, whole / float(columnCount))' : 'whole'});
    }`,
  }
}

const joinedSum = (terms: readonly string[]): string => (terms.length === 0 ? '0.0' : terms.join(' + '))
