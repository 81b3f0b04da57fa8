import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import asc from 'assemblyscript/asc'

const common = ['--runtime', 'stub', '-O3', '--noAssert', '--enable', 'simd', '--outFile', 'module.wasm']

/** The WebAssembly module, in base 64, of the AssemblyScript at `entry` in a folder. */
export const compile = async (folder, entry, options = []) => {
  let binary
  const { error, stderr } = await asc.main([entry, '--baseDir', folder, ...common, ...options], {
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents
    },
  })
  if (error !== null) throw new Error(stderr.toString(), { cause: error })
  return Buffer.from(binary).toString('base64')
}

/** A TypeScript module whose one export is that text. */
export const moduleOf = ({ name, comment, origin, text }) => {
  const lines = text.match(/.{1,110}/g).map((line) => `  '${line}',`)
  return `// Written by ${origin}.\n/** ${comment} */\nexport const ${name}: string = [\n${lines.join('\n')}\n].join('')\n`
}

/**
 * What a package's `build-wasm.mjs` is: it compiles `assembly/ENTRY` beside it and, where it is what Node runs, writes the
 * module to `target`. That file is kept under version control, so that type checks and editors need no build; a test of the
 * package compares the two, by the compilation that this resolves to.
 */
export const builder = async (script, { entry, options = ['--converge'], target, name, comment }) => {
  const compiled = () => compile(join(dirname(script), 'assembly'), entry, options)
  if (process.argv[1] === script) {
    const origin = `build-wasm.mjs from assembly/${entry}: edit that`
    await writeFile(join(dirname(script), target), moduleOf({ name, comment, origin, text: await compiled() }))
  }
  return compiled
}
