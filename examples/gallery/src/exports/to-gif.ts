import type { Film, GifNews } from './gif-worker.js'

/** An animation as a GIF file, made in a worker of its own; `drawn` hears how much of it is done, from 0 to 1. */
export const toGif = (film: Film, drawn: (share: number) => void): Promise<Blob> =>
  new Promise<Blob>((resolve, reject) => {
    const worker = new Worker(new URL('gif-worker.ts', import.meta.url), { type: 'module' })
    const end = (settle: () => void): void => {
      worker.terminate()
      settle()
    }
    worker.addEventListener('message', ({ data }: MessageEvent<GifNews>) => {
      switch (data.kind) {
        case 'drawn':
          return drawn(data.share)
        case 'done':
          return end(() => resolve(new Blob([data.bytes.slice()], { type: 'image/gif' })))
        case 'failed':
          return end(() => reject(new Error(data.message)))
      }
    })
    worker.addEventListener('error', ({ message }) => end(() => reject(new Error(message || 'its worker did not load'))))
    worker.postMessage(film)
  })
