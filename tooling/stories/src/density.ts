/** A grey picture as a density: a mass for each pixel, row by row from the top. */
export interface Density {
  readonly width: number
  readonly height: number
  readonly mass: readonly number[]
}

/**
 * A picture's pixels (red, green, blue and opacity, as bytes, row by row) as a density: the darker a pixel, the more
 * mass. What is transparent counts as white paper.
 */
export const densityOf = (pixels: Uint8Array | Uint8ClampedArray, width: number, height: number): Density => ({
  width,
  height,
  mass: Array.from({ length: width * height }, (_, pixel) => {
    const [red = 255, green = 255, blue = 255, alpha = 255] = pixels.subarray(4 * pixel, 4 * pixel + 4)
    return ((255 - (red + green + blue) / 3) / 255) * (alpha / 255)
  }),
})
