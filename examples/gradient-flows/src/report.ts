import { toSvg } from '@monge/viz'
import { ahead, lossPlots, strip } from './figures.js'
import { format, milliseconds } from './format.js'
import { noteOf, titleOf } from './losses.js'
import type { Run } from './run.js'
import type { Trajectory } from './trajectory.js'

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? character)

const source = 'https://www.kernel-operations.io/geomloss/_auto_examples/comparisons/plot_gradient_flows_2D.html'

const style = `
  body { font: 16px/1.5 Inter, system-ui, sans-serif; color: #222; background: #fff; }
  body { max-width: 1080px; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
  h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
  p, dl, figcaption { max-width: 46rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; }
  dt { color: #595959; }
  dd { margin: 0; overflow-wrap: anywhere; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
  th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #e0e0e0; white-space: nowrap; }
  th:first-child, td:first-child { text-align: left; padding-left: 0; }
  thead th { border-bottom: 2px solid #8c8c8c; }
  tbody th { font-weight: normal; }
  figure { margin: 2rem 0; overflow-x: auto; }
  figure svg { margin-left: -1.4%; width: 102.8%; min-width: 860px; }
  figcaption { position: sticky; left: 0; }
  figcaption { color: #595959; font-size: .9rem; }
  .plots { display: flex; flex-wrap: wrap; gap: 1rem; }
  .plots > * { flex: 1 1 420px; min-width: 0; max-width: 560px; }
  svg { width: 100%; height: auto; }
  .formula { white-space: nowrap; }
  sub { line-height: 0; }
`

const row = (cells: readonly string[], tag: 'th' | 'td'): string => {
  const [first = '', ...others] = cells
  const scope = tag === 'th' ? 'col' : 'row'
  return `<tr><th scope="${scope}">${first}</th>${others.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
}

const tableOf = (trajectories: readonly Trajectory[]): string => {
  const times = trajectories[0]?.snapshots.map(({ time }) => `t = ${time}`) ?? []
  const rows = trajectories.map(({ parameters, snapshots, secondsPerStep }) =>
    row(
      [escape(titleOf(parameters)), ...snapshots.map(({ loss }) => format(loss)), milliseconds(secondsPerStep)],
      'td',
    ),
  )
  const head = row(['Loss', ...times, 'ms per step'], 'th')
  return `<div class="scroll"><table><thead>${head}</thead><tbody>${rows.join('\n')}</tbody></table></div>`
}

const figureOf =
  (run: Run) =>
  (trajectory: Trajectory): string => {
    const arrows = `Arrows reach ${ahead(run, trajectory)} ahead in time.`
    const caption = escape(`${noteOf(trajectory.parameters)} ${arrows}`)
    return `<figure>${toSvg(strip(run, trajectory))}<figcaption>${caption}</figcaption></figure>`
  }

const facts = ({ options, backend, sourceName, targetName }: Run): readonly (readonly [string, string])[] => [
  ['Source', sourceName],
  ['Target', targetName],
  ['Points', `${options.points} from each, drawn with seed ${options.seed}`],
  ['Step', `${options.step}`],
  ['Backend', backend],
]

/** The whole run as one page that needs nothing beside it. */
export const report = (run: Run): string => {
  const list = facts(run).map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gradient flows of one cloud onto another</title>
<style>${style}</style>
</head>
<body>
<h1>Gradient flows of one cloud onto another</h1>
<p>Points sampled from one picture flow onto points sampled from another, down the gradient of a loss between the two
clouds: each point x<sub>i</sub> of weight 1/N moves by
<span class="formula">dx<sub>i</sub>/dt = −N ∂loss/∂x<sub>i</sub></span>. The path depends on
the loss. This repeats the two-dimensional example of
<a href="${source}">GeomLoss</a>.</p>
<dl>${list.join('')}</dl>
<h2>The loss at each time</h2>
${tableOf(run.trajectories)}
<h2>The loss over time</h2>
<div class="plots">${lossPlots(run.trajectories)
    .map((scene) => `<div>${toSvg(scene)}</div>`)
    .join('')}</div>
<h2>The flows</h2>
<p>Blue: the target. Orange: the flow, which starts as the source. Arrows, for some of the points if they are
many: where they are bound for at their present speed. Above each panel: its time at the left, the loss at the right. All panels show the same part of the
plane; a few points that a loss drives out of it are not seen.</p>
${run.trajectories.map(figureOf(run)).join('\n')}
</body>
</html>
`
}
