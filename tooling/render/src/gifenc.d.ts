// The part of gifenc that is used here; the package has no types, and Node sees only its default export.
declare module 'gifenc' {
  type Palette = readonly (readonly number[])[]

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

  const gifenc: {
    readonly GIFEncoder: () => Encoder
    readonly quantize: (pixels: Uint8Array, colours: number) => Palette
    readonly applyPalette: (pixels: Uint8Array, palette: Palette) => Uint8Array
  }
  export default gifenc
}
