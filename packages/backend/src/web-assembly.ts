import { mongeError } from '@monge/errors'

/*
 * WebAssembly that a package carries as text, which every bundler, and none, can load. It is decoded and compiled on first
 * use: importing a package does nothing.
 */

/**
 * Starts instances of a module, each with a memory of its own, which is freed with it. The module is compiled once.
 *
 * @typeParam E what an instance exports
 * @param text the module, in base 64
 * @throws BackendFailure at `where` if WebAssembly may not run here, or has no memory left
 */
export const instancesOf = <E>(text: string): ((where: string, imports?: WebAssembly.Imports) => E) => {
  let compiled: WebAssembly.Module | undefined
  return (where, imports = {}) => {
    try {
      compiled ??= new WebAssembly.Module(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)))
      return new WebAssembly.Instance(compiled, imports).exports as E
    } catch (cause) {
      throw mongeError('BackendFailure', where, 'WebAssembly has no memory for another instance, or may not run here', cause)
    }
  }
}

/**
 * What is made of the one instance of a module that is started, at the first call, for work that can be done without it:
 * undefined, then and ever after, where there is none (no WebAssembly SIMD, or a page's policy forbids it).
 *
 * @typeParam E what the instance exports
 * @param text the module, in base 64
 */
export const instanceHere = <E, A>(text: string, make: (exports: E) => A): (() => A | undefined) => {
  let tried = false
  let made: A | undefined
  return () => {
    if (tried) return made
    tried = true
    try {
      made = make(instancesOf<E>(text)('instanceHere'))
    } catch {
      made = undefined
    }
    return made
  }
}
