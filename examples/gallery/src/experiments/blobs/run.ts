import { modesOf } from '@monge-examples/blobs/data'
import { lessonOf } from '@monge-examples/blobs/lesson'
import { forms } from '@monge-examples/blobs/words'
import { course, sideBySide } from '../../course.js'
import { cloudOfRows } from '../../drawing.js'
import type { Run } from '../../experiment.js'

export const run: Run = async function* (settings, { backend, signal }) {
  const { form, batch, epsilon, steps, stepsPerFrame, seed } = settings
  const shown = forms.filter((one) => form === 'all' || one === form)
  const lessons = shown.map((one) =>
    lessonOf({ form: one, steps: Number(steps), batch: Number(batch), epsilon: Number(epsilon), seed: Number(seed), backend }),
  )
  const how = { steps: Number(steps), stepsPerFrame: Number(stepsPerFrame), signal }
  for await (const moments of sideBySide(lessons.map(({ fitting, start }) => course(fitting, start, how)))) {
    const parts = moments.map(({ state, mean }, index) => {
      const samples = lessons[index].shown(state.params, 400)
      const { shares, near } = modesOf(samples)
      return { name: shown[index], mean, samples, share: shares[0], near: near[0] + near[1] }
    })
    yield {
      step: moments[0].state.iteration,
      clouds: {
        heldOut: cloudOfRows(lessons[0].heldOut),
        ...Object.fromEntries(parts.map(({ name, samples }) => [name, cloudOfRows(samples)])),
      },
      readings: Object.fromEntries(
        parts.flatMap(({ name, mean, share, near }, index) => [
          [name, moments[index].state.value],
          [`${name}Mean`, mean],
          [`${name}Share`, share],
          [`${name}Near`, near],
        ]),
      ),
    }
  }
}
