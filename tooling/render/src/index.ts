export { renderGif } from './render-gif.js'
export type { GifOptions } from './render-gif.js'
export { renderPng } from './render-png.js'
export type { RenderOptions } from './raster.js'
