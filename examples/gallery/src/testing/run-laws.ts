import type { Backend } from '@monge/backend'
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import type { Frame, Run, Settings } from '../experiment.js'

/** The frames of a run to its end, or so many. */
export const framesOf = async (run: Run, settings: Settings, backend: Backend, most = Infinity): Promise<readonly Frame[]> => {
  const frames: Frame[] = []
  const controller = new AbortController()
  for await (const frame of run(settings, { backend, signal: controller.signal })) {
    frames.push(frame)
    if (frames.length >= most) break
  }
  return frames
}

/** The settings that a page begins with, and others for some. */
export const settingsOf = (
  page: { readonly controls: readonly { readonly name: string; readonly initial: Settings[string] }[] },
  changed: Settings = {},
): Settings => ({ ...Object.fromEntries(page.controls.map(({ name, initial }) => [name, initial])), ...changed })

const numbersOf = ({ clouds, readings }: Frame): readonly number[] => [
  ...Object.values(readings),
  ...Object.values(clouds).flatMap(({ points, weights = new Float32Array() }) => [...points, ...weights]),
]

/** What every run of the gallery keeps to. `settings` should come to an end after few frames, more than two. */
export const runLaws = (run: Run, settings: Settings, backend: () => Backend): void => {
  test('tells finite numbers and comes to an end', async () => {
    const frames = await framesOf(run, settings, backend())
    expect(frames.length).toBeGreaterThan(2)
    for (const frame of frames) expect(numbersOf(frame).every(Number.isFinite), `step ${frame.step}`).toBe(true)
    expect(frames.map(({ step }) => step)).toEqual(frames.map(({ step }) => step).toSorted((one, other) => one - other))
  })

  test('is the same again, and leaves no tensor behind', async () => {
    const once = await framesOf(run, settings, backend())
    const before = memory().numTensors
    const again = await framesOf(run, settings, backend())
    expect(memory().numTensors).toBe(before)
    expect(again).toEqual(once)
  })

  test('stops where the visitor leaves, and leaves no tensor behind', async () => {
    const before = memory().numTensors
    const controller = new AbortController()
    const frames: Frame[] = []
    for await (const frame of run(settings, { backend: backend(), signal: controller.signal })) {
      frames.push(frame)
      if (frames.length === 2) controller.abort()
    }
    expect(frames).toHaveLength(2)
    expect(memory().numTensors).toBe(before)
    await framesOf(run, settings, backend(), 1)
    expect(memory().numTensors).toBe(before)
  })

  test('says nothing to a visitor who has left', async () => {
    const frames: Frame[] = []
    for await (const frame of run(settings, { backend: backend(), signal: AbortSignal.abort() })) frames.push(frame)
    expect(frames).toEqual([])
  })
}
