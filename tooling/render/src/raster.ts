import { createRequire } from 'node:module'
import { mongeError, requireInteger } from '@monge/errors'
import { Resvg } from '@resvg/resvg-js'
import type { RenderedImage } from '@resvg/resvg-js'

const { resolve } = createRequire(import.meta.url)

// The font comes with a package, so that every machine makes the same picture and none needs fonts of its own.
const fontFiles: readonly string[] = [
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
].map((file) => resolve(file))

export interface RenderOptions {
  /** Pixels across; the height follows. */
  readonly width: number
}

/** The picture that an SVG document describes, in pixels. */
export const raster = (where: string, svg: string, options: RenderOptions): RenderedImage => {
  const width = requireInteger(1)(`${where}: width`, options.width)
  try {
    return new Resvg(svg, {
      fitTo: { mode: 'width', value: width },
      font: { loadSystemFonts: false, fontFiles: [...fontFiles], defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
      logLevel: 'off',
    }).render()
  } catch (cause) {
    throw mongeError('InvalidArgument', `${where}: svg`, cause instanceof Error ? cause.message : String(cause), cause)
  }
}
