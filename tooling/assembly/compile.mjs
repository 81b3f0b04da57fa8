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
