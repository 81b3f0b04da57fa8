import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

/*
 * The score that pages sample from, score.bin, as a module that Node and bundlers load alike. The story wrote it:
 * README.md says with what options.
 */
const bytes = readFileSync(new URL('score.bin', import.meta.url))
mkdirSync(new URL('dist/', import.meta.url), { recursive: true })
writeFileSync(new URL('dist/score.js', import.meta.url), `export const packed = '${bytes.toString('base64')}'\n`)
