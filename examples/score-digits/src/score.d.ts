/** A learned score as `unpack` takes it, in base64: dist/score.js as build-score.mjs makes it. */
export declare const packed: string
