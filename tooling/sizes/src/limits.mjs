import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/*
 * The limits, in bytes: about a fifth above what was measured when they were set. `npm run sizes -- --limits` sets
 * them anew, which is for changes that are worth their bytes.
 */

export const limitsFile = fileURLToPath(new URL('../limits.json', import.meta.url))

/** @type {Readonly<Record<string, number>>} */
export const limits = existsSync(limitsFile) ? JSON.parse(readFileSync(limitsFile, 'utf8')) : {}

/** @type {(bytes: number) => number} */
export const limitFor = (bytes) => Math.ceil((bytes * 1.2) / 100) * 100
