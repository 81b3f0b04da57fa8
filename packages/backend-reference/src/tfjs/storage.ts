import { DataStorage, KernelBackend, engine } from '@tensorflow/tfjs-core'
import type { BackendTimingInfo, BackendValues, DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import type { Dense, Values } from './dense.js'

interface Entry {
  readonly dtype: DataType
  readonly values: Values
  refCount: number
}

const isFloat = (dtype: DataType): boolean => dtype === 'float32'

/**
 * A tfjs backend that stores doubles where tfjs says `float32`.
 *
 * tfjs knows a backend as an instance of its own abstract class, so a class it has to be. The reference counts are
 * tfjs's protocol: a tensor's data is shared by its clones and reshapes.
 */
export class Float64Storage extends KernelBackend {
  private readonly data: DataStorage<Entry> = new DataStorage<Entry>(this, engine())
  /** Set while tfjs moves data to another backend, which takes its values for what tfjs says that they are. */
  leaving = false

  dense({ dataId, shape, dtype }: TensorInfo): Dense {
    if (dtype === 'complex64' || dtype === 'string')
      throw mongeError('InvalidArgument', 'reference backend', `tensors of dtype ${dtype} are not supported`)
    return { shape, dtype, values: this.data.get(dataId).values }
  }

  store({ shape, dtype, values }: Dense): TensorInfo {
    const dataId = {}
    this.data.set(dataId, { dtype, values, refCount: 1 })
    return { dataId, shape: [...shape], dtype }
  }

  override write(values: BackendValues, _shape: number[], dtype: DataType): DataId {
    const dataId = {}
    this.move(dataId, values, _shape, dtype, 1)
    return dataId
  }

  override move(dataId: DataId, values: BackendValues, _shape: number[], dtype: DataType, refCount: number): void {
    // At runtime these are Float64Array where our own code made them.
    const given = values as unknown as Values
    const stored = isFloat(dtype) && !(given instanceof Float64Array) ? new Float64Array(given) : given
    this.data.set(dataId, { dtype, values: stored, refCount })
  }

  override readSync(dataId: DataId): BackendValues {
    const { values, dtype } = this.data.get(dataId)
    // tfjs types storage of dtype float32 as Float32Array; whoever reads a tensor of ours gets its doubles.
    return (this.leaving && isFloat(dtype) ? new Float32Array(values) : values) as BackendValues
  }

  override read(dataId: DataId): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId))
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).refCount++
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true
    const entry = this.data.get(dataId)
    entry.refCount--
    if (!force && entry.refCount > 0) return false
    this.data.delete(dataId)
    return true
  }

  override numDataIds(): number {
    return this.data.numDataIds()
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: true, reasons: ['tfjs counts 4 bytes a number where there are 8.'] }
  }

  override time(body: () => void): Promise<BackendTimingInfo> {
    const start = performance.now()
    body()
    return Promise.resolve({ kernelMs: performance.now() - start })
  }

  override floatPrecision(): 16 | 32 {
    // tfjs's type has no 64; it uses the number only to choose an epsilon, which is overridden below.
    return 64 as 32
  }

  override epsilon(): number {
    return 1e-16
  }

  override dispose(): void {}
}
