/** All pictures of a figure, a byte a pixel, deflated, in base64: dist/figures as build-figures.mjs makes it. */
export declare const packed: string
