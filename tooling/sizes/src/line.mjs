import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/*
 * The line of a README that tells the package's size.
 */

const pattern = /^Size:.*$/m

/** @type {(bytes: number) => string} */
const kilobytes = (bytes) => (bytes / 1000).toFixed(1)

/** @type {(bytes: number) => string} */
export const lineFor = (bytes) =>
  `Size: ${kilobytes(bytes)} kB, minified and brotli-compressed, with all that it uses but TensorFlow.js.`

/** The README of a package, or nothing. @type {(folder: string) => string} */
export const readmeOf = (folder) => {
  const path = join(folder, 'README.md')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** The bytes that a README tells. @type {(readme: string) => number | undefined} */
export const toldBytes = (readme) => {
  const told = /^Size: ([\d.]+) kB/m.exec(readme)?.[1]
  return told === undefined ? undefined : Number(told) * 1000
}

/** A README with its size line put right: in place, or at its end. @type {(readme: string, bytes: number) => string} */
export const withLine = (readme, bytes) =>
  pattern.test(readme) ? readme.replace(pattern, lineFor(bytes)) : `${readme.trimEnd()}\n\n${lineFor(bytes)}\n`
