/** The part of gifenc that is used here and in the gallery: the package has no types. */
declare module 'gifenc' {
  /** Colours, `[red, green, blue]` each. */
  export type Palette = readonly (readonly number[])[]

  export interface Encoder {
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { readonly palette?: Palette; readonly delay: number; readonly repeat: number },
    ): void
    finish(): void
    bytes(): Uint8Array
  }

  export const GIFEncoder: () => Encoder
  export const quantize: (pixels: Uint8Array, colours: number) => Palette
  export const applyPalette: (pixels: Uint8Array, palette: Palette) => Uint8Array
}
