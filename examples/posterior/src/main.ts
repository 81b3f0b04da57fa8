#!/usr/bin/env node
import { numberOf, present, runStory, wholeOf } from '@monge-tooling/stories'
import type { Story } from '@monge-tooling/stories'
import { referenceBackend } from '@monge/backend-reference'
import { requireFinite, requirePositive } from '@monge/errors'
import { logisticRegression } from '@monge/langevin'
import { predict, sampleAll } from './chains.js'
import { irises, names } from './irises.js'
import { laplace } from './laplace.js'
import type { Effort } from './plans.js'
import { chainFrames, intervals, laplaceEstimate, marginals } from './show.js'
import type { Estimate } from './show.js'

interface Told extends Effort {
  readonly prior: number
}

const tell = async (options: Readonly<Record<string, unknown>>, out: string): Promise<void> => {
  const { prior, ...effort } = options as unknown as Told
  const place = await referenceBackend()
  const { learn, heldOut } = irises()
  const priorVariance = prior ** 2
  const posterior = logisticRegression({ ...learn, priorVariance })(place)
  const around = laplace(posterior, learn, priorVariance)
  const told = sampleAll(place, posterior, around, effort)
  const estimates: readonly Estimate[] = [
    laplaceEstimate(around),
    ...told,
  ]
  const predictions = told.map(({ draws }) => predict(draws, heldOut))
  const lines = told.map(
    ({ name, step, acceptance, discrepancy, seconds }, index) =>
      `${name}: step ${step.toPrecision(3)}${acceptance === undefined ? '' : `, acceptance ${acceptance.toFixed(3)}`}, Stein discrepancy ${discrepancy.toFixed(3)}, ${(100 * (predictions[index]?.accuracy ?? 0)).toFixed(0)} % of irises held out told right, mean log score ${(predictions[index]?.logScore ?? 0).toFixed(3)}, ${seconds.toFixed(1)} s`,
  )
  process.stdout.write(`${lines.join('\n')}\n\n`)
  const rows = names.flatMap((coefficient, axis) =>
    estimates.map(({ name, coefficients }) => {
      const found = coefficients[axis]
      if (found === undefined) return [name]
      const { mean, deviation, interval, standardError, bulkEss, tailEss, rHat } = found
      const digits = (value: number | undefined, count: number): string => value?.toFixed(count) ?? ''
      const judged = [digits(standardError, 3), digits(bulkEss, 0), digits(tailEss, 0), digits(rHat, 3)]
      return [`${coefficient}, ${name}`, mean.toFixed(2), deviation.toFixed(2), interval.map((end) => end.toFixed(2)).join(' to '), ...judged]
    }),
  )
  const mala = told[1]
  const burnt = mala?.draws
  present(out, {
    title: 'Which iris is it? A posterior',
    introduction: [
      `Bayesian logistic regression on ${learn.labels.length} of Fisher's irises: is it virginica, or versicolor? Coefficients belong to
      measurements in standard deviations and have the prior N(0, ${prior}²). ${effort.chains} chains begin half as far again
      apart as the posterior is wide; a quarter as many steps as draws go before and do not count.`,
      ...lines,
      'Intervals hold 90 % of the draws. Laplace\'s approximation is the Gaussian about the mode with the curvature there.',
    ],
    animations: burnt === undefined ? [] : [{ name: 'chains', heading: 'MALA', frames: chainFrames(burnt, around) }],
    pictures: { intervals: intervals(estimates), marginals: marginals(told, around) },
    table: { head: ['', 'mean', 'deviation', '90 % interval', 'standard error', 'bulk ESS', 'tail ESS', 'R-hat'], rows },
    data: {
      prior,
      ...effort,
      names,
      laplace: around,
      samplers: told.map((one, index) => ({ ...one, draws: one.draws.draws, ...predictions[index] })),
    },
  })
}

const story: Story = {
  name: 'posterior',
  description: 'Bayesian logistic regression on irises by Langevin samplers, with intervals and diagnostics.',
  options: [
    { flags: '--draws <n>', help: 'draws of each chain', read: wholeOf('--draws', 40, 100_000), fallback: 2000 },
    { flags: '--chains <n>', help: 'chains of each sampler', read: wholeOf('--chains', 2, 100), fallback: 4 },
    { flags: '--prior <sd>', help: 'standard deviation of the prior', read: numberOf('--prior', requirePositive), fallback: 5 },
    { flags: '--seed <n>', help: 'seed of all chance', read: numberOf('--seed', requireFinite), fallback: 0 },
  ],
  tell,
}

process.exitCode = await runStory(story, process.argv.slice(2))
