import { session } from './session.js'
import type { BackendName, Frame, Page, Settings } from '../experiment.js'
import type { Failure } from '../messages.js'

export type Phase = 'starting' | 'running' | 'done' | 'failed'

/** Where an experiment's playing stands. */
export interface PlayerState {
  readonly phase: Phase
  readonly playing: boolean
  readonly failure?: Failure
  readonly precision?: string
  /** Of `slider`: how many frames there are so far, and which is shown. */
  readonly count: number
  readonly position: number
}

export interface PlayerEvents {
  readonly changed: (state: PlayerState) => void
  /** A frame was computed, in so many milliseconds, so many steps after the one before it. */
  readonly computed: (frame: Frame, milliseconds: number, steps: number) => void
  readonly show: (frame: Frame) => void
}

export interface Player {
  readonly state: () => PlayerState
  readonly restart: (settings: Settings, backend: BackendName, playing: boolean) => void
  readonly play: () => void
  readonly pause: () => void
  readonly step: () => void
  /** Of `slider`: shows the frame at that place. */
  readonly seek: (position: number) => void
  readonly frames: () => readonly Frame[]
  readonly close: () => void
}

// How long it takes to play the frames of a slider once.
const sweep = 5000

/** Plays an experiment: pulls frames as fast as they are shown, and no faster than the screen is drawn. */
export const player = (page: Page, events: PlayerEvents): Player => {
  const slider = page.mode === 'slider'
  let state: PlayerState = { phase: 'starting', playing: false, count: 0, position: 0 }
  let waiting: Frame | undefined
  let newest: Frame | undefined
  // Frames that are due even while it does not play: the first, and those of single steps.
  let due = 1
  let scheduled = 0
  let frames: Frame[] = []
  let swept = 0

  const change = (next: Partial<PlayerState>): void => {
    state = { ...state, ...next }
    events.changed(state)
  }

  const showAt = (position: number): void => {
    const frame = frames[position]
    if (frame === undefined) return
    change({ position })
    events.show(frame)
  }

  const sweepOn = (now: number): void => {
    scheduled = 0
    if (!state.playing) return
    const last = Math.max(1, frames.length - 1)
    if (swept === 0) swept = now - (state.position / last) * sweep
    const position = Math.min(frames.length - 1, Math.floor(((now - swept) / sweep) * last))
    if (position !== state.position) showAt(position)
    if (position >= frames.length - 1 && state.phase === 'done') return change({ playing: false })
    schedule()
  }

  const showNext = (): void => {
    scheduled = 0
    if (waiting === undefined || (!state.playing && due === 0)) return
    const frame = waiting
    waiting = undefined
    due = Math.max(0, due - 1)
    // The worker is at the next one while this is drawn.
    worker.pull()
    events.show(frame)
  }

  const schedule = (): void => {
    if (scheduled === 0) scheduled = requestAnimationFrame(slider ? sweepOn : showNext)
  }

  const worker = session(page.id, {
    started: (precision) => change({ phase: 'running', precision }),
    frame: (frame, milliseconds) => {
      events.computed(frame, milliseconds, newest === undefined ? 0 : frame.step - newest.step)
      newest = frame
      if (!slider) {
        waiting = frame
        return schedule()
      }
      worker.pull()
      frames.push(frame)
      change({ count: frames.length })
      if (frames.length > 1) return
      events.show(frame)
      if (state.playing) schedule()
    },
    done: () => {
      change({ phase: 'done', playing: slider ? state.playing : false })
      if (slider && state.playing) schedule()
    },
    failed: (failure) => change({ phase: 'failed', playing: false, failure }),
  })

  const reset = (): void => {
    cancelAnimationFrame(scheduled)
    scheduled = 0
    swept = 0
    waiting = undefined
    newest = undefined
    due = 1
    frames = []
  }

  return {
    state: () => state,
    restart: (settings, backend, playing) => {
      reset()
      state = { phase: 'starting', playing, count: 0, position: 0 }
      events.changed(state)
      worker.start(settings, backend)
      worker.pull()
    },
    play: () => {
      if (slider && state.position >= frames.length - 1) state = { ...state, position: 0 }
      swept = 0
      change({ playing: true })
      schedule()
    },
    pause: () => change({ playing: false }),
    step: () => {
      change({ playing: false })
      if (slider) return showAt(Math.min(frames.length - 1, state.position + 1))
      due += 1
      schedule()
    },
    seek: (position) => {
      change({ playing: false })
      showAt(position)
    },
    frames: () => frames,
    close: () => {
      reset()
      worker.close()
    },
  }
}
