import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'

/*
 * `@tensorflow/tfjs-core` registers no gradients of its own accord, and the file in it that would cannot be imported in
 * Node. This bundles its gradient definitions alone into dist/gradients.js. What they use of tfjs (operations, registry,
 * engine) is imported from tfjs's public entry, so that nothing of it is there twice. Importing the file registers nothing.
 */
const core = '@tensorflow/tfjs-core'
const entry = createRequire(import.meta.url).resolve(core)
const dist = dirname(entry)
const tfjs = createRequire(import.meta.url)(core)

const pick = (from, names) =>
  [`import { ${from} } from '${core}'`, ...names.map((name) => `export const ${name} = ${from}.${name}`)].join('\n')

const exportsOf = (source) =>
  [...source.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)]
    .map((match) => match[1])
    .concat(
      [...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap((match) => match[1].split(',').map((name) => name.trim())),
    )

const namespaces = ['backend_util', 'broadcast_util', 'util']

// A module of tfjs as what the public entry says of it; undefined where that has no such thing.
const substitute = (path, source) => {
  switch (relative(dist, path).replaceAll('\\', '/')) {
    case 'engine.js':
      return `import { engine } from '${core}'\nexport const ENGINE = engine()`
    case 'tensor_util_env.js':
      // It turns numbers and arrays into tensors; a gradient is only ever given tensors.
      return 'export const convertToTensor = (tensor) => tensor'
    case 'util.js':
      return pick('util', Object.keys(tfjs.util))
  }
  const names = exportsOf(source)
  const namespace = namespaces.find((space) => names.length > 0 && names.every((name) => name in tfjs[space]))
  return namespace && pick(namespace, names)
}

const isPublic = (path, source) => {
  const names = exportsOf(source)
  return path === join(dist, 'base.js') || (names.length > 0 && names.every((name) => name in tfjs))
}

const throughPublicEntry = {
  name: 'through-public-entry',
  setup: ({ onResolve, onLoad }) => {
    const entryModule = { path: core, external: true, sideEffects: false }
    onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => entryModule)
    onResolve({ filter: /^\./ }, async ({ path, resolveDir }) => {
      const file = `${join(resolveDir, path)}.js`
      return isPublic(file, await readFile(file, 'utf8')) ? entryModule : { path: file, sideEffects: false }
    })
    onLoad({ filter: /tfjs-core[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      return { contents: substitute(path, source) ?? source, loader: 'js' }
    })
  },
}

// The list in tfjs's own file, exported instead of registered: importing it must do nothing.
const registerAll = await readFile(join(dist, 'register_all_gradients.js'), 'utf8')
const list = registerAll
  .replace(/^for \(const [\s\S]*$/m, '')
  .replace('const gradConfigs =', 'export const gradientConfigs =')
if (!/export const gradientConfigs = \[/.test(list)) throw new Error('tfjs-core lists its gradients differently now')

const { outputFiles } = await build({
  stdin: { contents: list, resolveDir: dist, loader: 'js' },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  plugins: [throughPublicEntry],
})

// esbuild keeps an import statement for each module that had one; all of them name the same entry.
const importStatement = new RegExp(`import\\{([^}]*)\\}from"${core}";`, 'g')
const [{ text }] = outputFiles
const names = [...text.matchAll(importStatement)].map((match) => match[1])
const notice = '/*! Gradients of @tensorflow/tfjs-core. Copyright Google LLC. Apache-2.0 licence. */'
const merged = `${notice}\nimport{${names.join(',')}}from"${core}";${text.replaceAll(importStatement, '')}`
await writeFile(join(import.meta.dirname, 'dist/gradients.js'), merged)
