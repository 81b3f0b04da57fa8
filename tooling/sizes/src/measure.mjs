import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuildPlugin from '@size-limit/esbuild'
import filePlugin from '@size-limit/file'
import sizeLimit from 'size-limit'

/*
 * What a package adds to a page: its public face bundled and minified for a browser by esbuild, compressed by brotli.
 * The @monge packages and the parts of fp-ts that it uses are counted; TensorFlow.js, which a page has once whatever
 * it uses of ours, and fast-check, which is for tests, are not.
 */

/** @typedef {{ readonly name: string, readonly folder: string, readonly bytes: number }} Size */

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** @type {(folder: string) => { readonly name: string }} */
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** @type {() => Promise<readonly Size[]>} */
export const measure = async () => {
  const folders = readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
  const sizes = []
  for (const folder of folders) {
    const [result] = await sizeLimit([esbuildPlugin, filePlugin], {
      checks: [
        {
          files: [join(folder, 'dist/index.js')],
          ignore: ['@tensorflow/*', 'fast-check'],
          modifyEsbuildConfig: (/** @type {object} */ config) => ({ ...config, format: 'esm', platform: 'browser' }),
        },
      ],
    })
    sizes.push({ name: manifestOf(folder).name, folder, bytes: result?.size ?? 0 })
  }
  return sizes
}
