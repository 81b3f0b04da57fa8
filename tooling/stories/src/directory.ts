import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { mongeError } from '@monge/errors'
import { reasonOf } from './reason.js'

/** Does work that writes to a directory; a refusal of the system becomes an error of `--out`. */
export const guarded = <A>(directory: string, work: () => A): A => {
  try {
    return work()
  } catch (error) {
    throw mongeError('InvalidArgument', '--out', `cannot write to ${directory}: ${reasonOf(error)}`, error)
  }
}

// By hand, since Node's own recursive mkdir never returns where the system refuses a directory as if it were missing.
const make = (directory: string): void => {
  if (!existsSync(directory)) {
    make(dirname(directory))
    mkdirSync(directory)
  }
  readdirSync(directory)
  accessSync(directory, constants.W_OK)
}

/**
 * Makes the directory and sees that it can be written to, before any work is done.
 *
 * @throws InvalidArgument if it cannot
 */
export const prepare = (directory: string): void => guarded(directory, () => make(directory))
