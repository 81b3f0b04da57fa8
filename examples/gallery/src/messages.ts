import type { BackendName, Frame, Settings } from './experiment.js'

/** What went wrong, in words for the visitor. */
export interface Failure {
  /** The kind of error, such as `InvalidOption`. */
  readonly tag: string
  readonly message: string
}

export type ToWorker =
  | {
      readonly kind: 'start'
      readonly run: number
      readonly id: string
      readonly settings: Settings
      readonly backend: BackendName
    }
  /** Asks for the next frame of a run. */
  | { readonly kind: 'pull'; readonly run: number }
  | { readonly kind: 'stop' }

/** What a worker says of a run. A worker that does not hear in time is busy with an older one, and is ended. */
export type FromWorker = { readonly run: number } & (
  | { readonly kind: 'heard' }
  | { readonly kind: 'started'; readonly precision: string }
  | { readonly kind: 'frame'; readonly frame: Frame; readonly milliseconds: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure }
)
