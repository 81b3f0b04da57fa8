import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { Device } from './device.js'
import type { Shader } from './shader.js'

/**
 * What a reduction must know of each point, in as few texels as will do: coordinates, log-scaling, values. In two
 * dimensions one fetch brings a point with its scaling.
 */
export interface Records {
  readonly info: TensorInfo
  /** Texels a record. */
  readonly texels: number
}

/** Something of every point: `width` numbers, row by row; in the record, zeros fill the place up to `room`. */
export interface Field {
  readonly numbers: TensorInfo
  readonly width: number
  readonly room: number
}

const shaders = new Map<number, Shader>()

/** Lays fields side by side. */
export const recordsOf = (device: Device, fields: readonly Field[], count: number): Records => {
  const rooms = fields.map(({ room }) => room)
  const texels = Math.ceil(rooms.reduce((sum, room) => sum + room, 0) / 4)
  const shader = shaders.get(fields.length) ?? sideBySide(fields.length)
  shaders.set(fields.length, shader)
  const numbers = fields.map((field) => field.numbers)
  const widths = fields.map(({ width }) => width)
  return { info: device.run(shader, numbers, [widths, rooms, [count], [texels]], count * texels), texels }
}

const sideBySide = (fields: number): Shader => {
  const inputs = Array.from({ length: fields }, (_, index) => `field${index}`)
  return {
    inputs,
    reads: 'numbers',
    writes: 'quads',
    uniforms: [
      { name: 'widths', type: 'int', length: fields },
      { name: 'rooms', type: 'int', length: fields },
      { name: 'count', type: 'int' },
      { name: 'texels', type: 'int' },
    ],
    source: `
    float entry(int record, int place) {
      int rest = place;${inputs
        .map(
          (name, index) => `
      if (rest < widths[${index}]) return ${name}At(record * widths[${index}] + rest);
      if (rest < rooms[${index}]) return 0.0;
      rest -= rooms[${index}];`,
        )
        .join('')}
      return 0.0;
    }
    void main() {
      int index = outIndex();
      int record = index / texels;
      int place = 4 * (index - record * texels);
      setOutput(record < count
        ? vec4(entry(record, place), entry(record, place + 1), entry(record, place + 2), entry(record, place + 3))
        : vec4(0.0));
    }`,
  }
}

/** A matrix in tiles of four rows by one column, a texel each; `transposed`, that of its columns. */
export const tilesOf = (
  device: Device,
  entries: TensorInfo,
  rows: number,
  columns: number,
  transposed: boolean,
): TensorInfo =>
  device.run(
    tiles,
    [entries],
    [[rows], [columns], transposed ? [1, rows] : [columns, 1]],
    Math.ceil(rows / 4) * columns,
  )

const tiles: Shader = {
  inputs: ['entries'],
  reads: 'numbers',
  writes: 'quads',
  uniforms: [
    { name: 'rows', type: 'int' },
    { name: 'columns', type: 'int' },
    { name: 'strides', type: 'int', length: 2 },
  ],
  source: `
    float entry(int row, int column) { return entriesAt(min(row, rows - 1) * strides[0] + column * strides[1]); }
    void main() {
      int index = outIndex();
      int group = index / columns;
      int column = index - group * columns;
      int row = 4 * group;
      setOutput(vec4(entry(row, column), entry(row + 1, column), entry(row + 2, column), entry(row + 3, column)));
    }`,
}
