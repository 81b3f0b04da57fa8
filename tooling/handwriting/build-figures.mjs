import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { deflateSync } from 'node:zlib'

/*
 * The package `mnist` has 2 MB of JSON for each figure: numbers in thousandths, of which MNIST has 256. This packs them
 * to a byte a pixel, deflates them, and writes a module of about a tenth of the size, dist/figures/3.js, which Node and
 * bundlers load alike. Nothing is lost: what does not come back as it was ends the build.
 */
const figures = new URL('dist/figures/', import.meta.url)
mkdirSync(figures, { recursive: true })
const { resolve } = createRequire(import.meta.url)

for (let figure = 0; figure < 10; figure += 1) {
  const { data } = JSON.parse(readFileSync(resolve(`mnist/src/digits/${figure}.json`), 'utf8'))
  const bytes = Uint8Array.from(data, (ink) => Math.round(255 * ink))
  const lost = data.findIndex((ink, index) => Math.round((bytes[index] / 255) * 1000) / 1000 !== ink)
  if (lost >= 0) throw new Error(`figure ${figure}: number ${lost} is ${data[lost]}, which no byte stands for`)
  const packed = deflateSync(bytes, { level: 9 }).toString('base64')
  writeFileSync(new URL(`${figure}.js`, figures), `export const packed = '${packed}'\n`)
}
