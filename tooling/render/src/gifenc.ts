import { createRequire } from 'node:module'

/** Colours, `[red, green, blue]` each. */
export type Palette = readonly (readonly number[])[]

interface Encoder {
  writeFrame(
    indices: Uint8Array,
    width: number,
    height: number,
    options: { readonly palette?: Palette; readonly delay: number; readonly repeat: number },
  ): void
  finish(): void
  bytes(): Uint8Array
}

/** The part of gifenc that is used here: the package has no types. */
export interface Gifenc {
  readonly GIFEncoder: () => Encoder
  readonly quantize: (pixels: Uint8Array, colours: number) => Palette
  readonly applyPalette: (pixels: Uint8Array, palette: Palette) => Uint8Array
}

// Required, not imported: Node and the test runner disagree on what a CommonJS package's default export is.
export const gifenc: Gifenc = createRequire(import.meta.url)('gifenc') as Gifenc
