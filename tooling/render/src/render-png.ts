import { raster } from './raster.js'
import type { RenderOptions } from './raster.js'

/**
 * An SVG document as a PNG file, `width` pixels across, the same bytes on every machine.
 *
 * @throws InvalidOption for a width that is not a whole number above 0; InvalidArgument for what is not SVG
 */
export const renderPng = (svg: string, options: RenderOptions): Uint8Array => raster('renderPng', svg, options).asPng()
