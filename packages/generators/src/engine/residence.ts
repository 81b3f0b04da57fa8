import { engine } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { blocksOf } from './blocks.js'

/*
 * Tensors of tfjs's plain backend whose numbers lie in a WebAssembly memory. To tfjs, and to all who hold them, they are
 * tensors as any: who reads their numbers gets a copy, made when it is first asked for. What only kernels read, such as an
 * optimiser's means and a network's gradients, is thus never copied at all.
 */

/** An operation's access to tensors in the memory. */
export interface Residence {
  /**
   * Runs `body`, in which tensors have addresses; undefined where memory is short. Addresses hold until its end.
   */
  readonly within: <A>(body: (rooms: Rooms) => A) => A | undefined
}

/** What lies where. */
export interface Rooms {
  /** Where a tensor's numbers lie: they are copied there if they are not there yet. Never written to. */
  readonly addressOf: (tensor: Tensor) => number
  /** Room for so many float32 numbers, and up to the next multiple of 16. */
  readonly room: (size: number) => number
  /** The tensor of what has been written to a room of its size. */
  readonly tensorAt: <T extends Tensor>(address: number, shape: readonly number[]) => T
}

type DataId = Tensor['dataId']

/** A block that holds the numbers of a tensor, for as long as tfjs has them. */
interface Resident {
  readonly address: number
  readonly bytes: number
  /** Held weakly once it has lived long: of who never frees a tensor, the collector does. */
  owner: DataId | WeakRef<DataId>
  sweeps: number
}

/** As references take time to make, and most tensors are soon gone. */
const longLife = 8

/** What tfjs's plain backend knows of a tensor. */
interface Entry {
  readonly values: Float32Array
  readonly dtype: 'float32'
  readonly refCount: number
}

interface PlainBackend {
  readonly data: { readonly has: (id: DataId) => boolean; readonly set: (id: DataId, entry: Entry) => void }
  readonly nextDataId: () => number
}

/** After so many new residents, or so many bytes of them, it is seen which of the old ones are gone. */
const [mostNew, mostNewBytes] = [32, 2 ** 21]

const isShort = new Error('memory is short')

export const residenceOf = (memory: WebAssembly.Memory, start: number): Residence => {
  const blocks = blocksOf(memory, start)
  const addresses = new WeakMap<DataId, number>()
  let residents: readonly Resident[] = []
  let arrivals: Resident[] = []
  let arrivedBytes = 0
  const taken = new Map<number, number>()

  const read = (address: number, size: number): Float32Array => new Float32Array(memory.buffer, address, size).slice()
  const plain = (): PlainBackend => engine().backend as unknown as PlainBackend

  /** Gives back what nobody holds any more. */
  const sweep = (): void => {
    const { data } = plain()
    residents = [...residents, ...arrivals].filter((resident) => {
      const { address, bytes, owner } = resident
      const id = owner instanceof WeakRef ? owner.deref() : owner
      if (id !== undefined && data.has(id)) {
        resident.sweeps += 1
        if (resident.sweeps === longLife) resident.owner = new WeakRef(id)
        return true
      }
      if (id !== undefined) addresses.delete(id)
      blocks.giveBack(address, bytes)
      return false
    })
    arrivals = []
    arrivedBytes = 0
  }

  const settle = (id: DataId, address: number): void => {
    const bytes = taken.get(address) ?? 0
    taken.delete(address)
    addresses.set(id, address)
    arrivals.push({ address, bytes, owner: id, sweeps: 0 })
    arrivedBytes += bytes
  }

  const room = (size: number): number => {
    const address = blocks.take(4 * size)
    if (address === undefined) throw isShort
    taken.set(address, 4 * size)
    return address
  }

  const rooms: Rooms = {
    room,
    addressOf: (tensor) => {
      const known = addresses.get(tensor.dataId)
      if (known !== undefined) return known
      const values = tensor.dataSync<'float32'>()
      const address = room(tensor.size)
      new Float32Array(memory.buffer, address, tensor.size).set(values)
      settle(tensor.dataId, address)
      return address
    },
    tensorAt: <T extends Tensor>(address: number, shape: readonly number[]): T => {
      const home = plain()
      const size = shape.reduce((product, length) => product * length, 1)
      const id = { id: home.nextDataId() }
      home.data.set(id, lazily(() => read(address, size)))
      settle(id, address)
      return engine().makeTensorFromTensorInfo({ dataId: id, shape: [...shape], dtype: 'float32' }, engine().backend) as T
    },
  }

  return {
    within: (body) => {
      if (arrivals.length >= mostNew || arrivedBytes >= mostNewBytes) sweep()
      try {
        return body(rooms)
      } catch (error) {
        if (error !== isShort) throw error
        sweep()
        return undefined
      } finally {
        // What no tensor has been made of: room that was for the operation alone, or for one that had to be given up.
        taken.forEach((bytes, address) => blocks.giveBack(address, bytes))
        taken.clear()
      }
    },
  }
}

/** An entry whose values are made when they are first asked for. */
const lazily = (make: () => Float32Array): Entry =>
  Object.assign(Object.create(lazy) as Entry, { dtype: 'float32' as const, refCount: 1, make, made: undefined })

interface Lazy {
  readonly make: () => Float32Array
  made: Float32Array | undefined
}

// A getter of a common prototype: one for each object would have tfjs's own accesses slow down.
const lazy: object = {
  get values(): Float32Array {
    const self = this as unknown as Lazy
    return (self.made ??= self.make())
  },
}
