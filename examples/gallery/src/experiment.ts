import type { Backend } from '@monge/backend'
import type { Scene } from '@monge/viz'

/*
 * What an experiment of the gallery is: a page, which says and draws, and a run, which computes in a worker.
 */

interface Named {
  /** The name of the setting, in the run and in the page's address. */
  readonly name: string
  readonly label: string
  readonly help?: string
  /** Shown only while the choice or switch of this name has this value: elsewhere the setting has no effect. */
  readonly where?: { readonly name: string; readonly is: string | boolean }
}

export interface RangeControl extends Named {
  readonly kind: 'range'
  readonly min: number
  readonly max: number
  readonly step: number
  readonly initial: number
  /** The slider moves by factors; `step` is then what values are rounded to, if above 0. */
  readonly logarithmic?: true
}

export interface ChoiceControl extends Named {
  readonly kind: 'choice'
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly initial: string
}

export interface SwitchControl extends Named {
  readonly kind: 'switch'
  readonly initial: boolean
}

/** A cloud in the unit square that the visitor picks from the presets, draws with the pointer, or drops as a picture. */
export interface CloudControl extends Named {
  readonly kind: 'cloud'
  readonly initial: string
  readonly presets: readonly { readonly value: string; readonly label: string }[]
}

export type Control = RangeControl | ChoiceControl | SwitchControl | CloudControl

/** Values of the controls. A cloud's value is a preset's name, or `points:` and base64 of its coordinates as 16-bit numbers. */
export type Settings = Readonly<Record<string, number | string | boolean>>

export interface Cloud {
  /** `[n, d]`, row by row. */
  readonly points: Float32Array
  readonly dimension: number
  readonly weights?: Float32Array
}

/** A moment of a run: plain data that a worker can post. */
export interface Frame {
  readonly step: number
  readonly clouds: Readonly<Record<string, Cloud>>
  /** Numbers to tell, by name; those a page lists as `curves` are drawn along the steps. */
  readonly readings: Readonly<Record<string, number>>
  /** Anything else that the picture needs: grids, entries of plans, images; typed arrays and plain objects only. */
  readonly extra?: unknown
}

export interface RunPlace {
  readonly backend: Backend
  readonly signal: AbortSignal
}

/** In the worker. Yields frames until it is done or the visitor leaves; they are pulled only as fast as they are drawn. */
export type Run = (settings: Settings, place: RunPlace) => AsyncIterable<Frame>

export type BackendName = 'simd' | 'webgl' | 'wasm'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Curve {
  readonly reading: string
  readonly label: string
  readonly logarithmic?: true
  /** Another reading in the same panel, dashed: what theory says of it. */
  readonly beside?: { readonly reading: string; readonly label: string }
}

export interface Reading {
  readonly reading: string
  readonly label: string
  readonly digits?: number
}

export interface Page {
  /** Also the address: `#/id`. */
  readonly id: string
  readonly title: string
  /** Two or three short paragraphs: what you see, what to try; the formula in plain text. */
  readonly about: readonly string[]
  /** The story's folder in the project: `examples/gradient-flows`. */
  readonly source: string
  readonly controls: readonly Control[]
  readonly curves: readonly Curve[]
  readonly readings: readonly Reading[]
  /** `run` plays on its own, step by step; the frames of `slider` are a finite list that the visitor scrubs through. */
  readonly mode: 'run' | 'slider'
  readonly backends: readonly BackendName[]
  /** The picture of a moment, width by height pixels. */
  readonly draw: (frame: Frame, settings: Settings, size: Size) => Scene
}
