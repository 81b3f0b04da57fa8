import cliProgress from 'cli-progress'
import { format } from './format.js'

/** Tells how far the work is: bars on a terminal, a line for each loss elsewhere. */
export interface Progress {
  readonly start: (title: string, steps: number) => void
  readonly step: (done: number, loss: number) => void
  readonly finish: (loss: number, secondsPerStep: number) => void
  /** Leaves the terminal as it was, whatever is under way. */
  readonly stop: () => void
}

const bars = (width: number): Progress => {
  const bar = new cliProgress.SingleBar({
    format: `  {title} {bar} {value}/{total} · loss {loss} · {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stopOnComplete: false,
  })
  return {
    start: (title, steps) => bar.start(steps, 0, { title: title.padEnd(width), loss: '…' }),
    step: (done, loss) => bar.update(done, { loss: format(loss) }),
    finish: () => bar.stop(),
    stop: () => bar.stop(),
  }
}

const lines = (width: number): Progress => {
  let current = ''
  return {
    start: (title) => {
      current = title
    },
    step: () => undefined,
    finish: (loss, secondsPerStep) =>
      void process.stdout.write(
        `  ${current.padEnd(width)} loss ${format(loss)} · ${(1000 * secondsPerStep).toFixed(1)} ms a step\n`,
      ),
    stop: () => undefined,
  }
}

/** Progress on the terminal, if there is one; titles take `width` characters. */
export const progress = (width: number): Progress => (process.stdout.isTTY ? bars(width) : lines(width))
