import { lessonOf } from '@monge-examples/generative-fit/lesson'
import { ways } from '@monge-examples/generative-fit/losses'
import { curveOf, sampleOf, truthValues, valuesOf } from '@monge-examples/generative-fit/models'
import type { Sample } from '@monge-examples/generative-fit/plane'
import { seenBy } from '@monge-examples/generative-fit/seen'
import { disposeMeasure } from '@monge/measures'
import { course } from '../../course.js'
import { cloudOfRows } from '../../drawing.js'
import type { Cloud, Run } from '../../experiment.js'

const weighted = ({ points, weights }: Sample): Cloud => ({ ...cloudOfRows(points), weights: Float32Array.from(weights) })

export const run: Run = async function* (settings, { backend, signal }) {
  const { loss, points, degree, rate, steps, stepsPerFrame, seed, seen } = settings
  const way = ways.find(({ name }) => name === loss) ?? ways[0]
  const lesson = lessonOf({
    way,
    recipe: { ...way.recipe, degree: Number(degree) },
    steps: Number(steps),
    points: Number(points),
    seed: Number(seed),
    rate: Number(rate),
    backends: { plain: backend, log: backend },
  })
  try {
    const data = sampleOf(lesson.data)
    const truth = backend.within(() => curveOf(truthValues))
    const told = { data: weighted(data), truth: cloudOfRows(truth.curve), truthCentres: cloudOfRows(truth.centres) }
    const how = { steps: Number(steps), stepsPerFrame: Number(stepsPerFrame), signal }
    for await (const { state, mean } of course(lesson.fitting, lesson.start(0), how)) {
      const values = valuesOf(state.average ?? state.params)
      const measure = lesson.sample(values)
      const model = sampleOf(measure)
      disposeMeasure(measure)
      const { curve, centres } = backend.within(() => curveOf(values))
      yield {
        step: state.iteration,
        clouds: { ...told, model: weighted(model), curve: cloudOfRows(curve), centres: cloudOfRows(centres) },
        readings: { loss: state.value, mean, share: 1 / (1 + Math.exp(values.logit)) },
        ...(seen === true ? { extra: seenBy(way.background, model, data, backend) } : {}),
      }
    }
  } finally {
    disposeMeasure(lesson.data)
  }
}
