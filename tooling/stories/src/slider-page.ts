/** One picture of an animation. */
export interface Frame {
  /** What the slider says there: `t = 0.5`. */
  readonly label: string
  readonly svg: string
}

/** A page that shows an animation. */
export interface SliderPage {
  readonly title: string
  /** Paragraphs, as HTML. */
  readonly introduction: readonly string[]
  readonly animations: readonly { readonly heading?: string; readonly frames: readonly Frame[] }[]
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as HTML. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)

const style = `
  body { font: 16px/1.5 Inter, system-ui, sans-serif; color: #222; background: #fff; }
  body { max-width: 860px; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
  h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
  .scroll { overflow-x: auto; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
  th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #e0e0e0; white-space: nowrap; }
  th:first-child, td:first-child { text-align: left; padding-left: 0; }
  thead th { border-bottom: 2px solid #8c8c8c; }
  figure { margin: 1rem 0; }
  svg { width: 100%; height: auto; }
  .bar { display: flex; gap: 1rem; align-items: center; }
  .bar input { flex: 1; }
  output { min-width: 8rem; font-variant-numeric: tabular-nums; }
  [hidden] { display: none; }
`

// Shows the frame that the slider is at; the button runs through them all.
const script = `
for (const figure of document.querySelectorAll('figure')) {
  const frames = figure.querySelectorAll('.frame')
  const slider = figure.querySelector('input')
  const output = figure.querySelector('output')
  const button = figure.querySelector('button')
  const show = () => {
    frames.forEach((frame, index) => { frame.hidden = index !== Number(slider.value) })
    output.textContent = frames[slider.value].dataset.label
  }
  let timer
  const stop = () => { clearInterval(timer); timer = undefined; button.textContent = 'Play' }
  slider.addEventListener('input', () => { stop(); show() })
  button.addEventListener('click', () => {
    if (timer !== undefined) return stop()
    if (Number(slider.value) === frames.length - 1) slider.value = 0
    button.textContent = 'Pause'
    timer = setInterval(() => {
      slider.value = Number(slider.value) + 1
      show()
      if (Number(slider.value) === frames.length - 1) stop()
    }, 120)
  })
  show()
}
`

const animationOf = ({ heading, frames }: SliderPage['animations'][number], index: number): string => {
  const title = heading === undefined ? '' : `<h2>${escapeHtml(heading)}</h2>`
  const pictures = frames.map(
    ({ label, svg }, place) =>
      `<div class="frame" data-label="${escapeHtml(label)}"${place === 0 ? '' : ' hidden'}>${svg}</div>`,
  )
  return `${title}<figure>
${pictures.join('\n')}
<div class="bar"><button type="button">Play</button>
<input type="range" id="slider-${index}" aria-label="time" min="0" max="${frames.length - 1}" value="0">
<output for="slider-${index}"></output></div>
</figure>`
}

const rowOf = (cells: readonly string[], tag: 'th' | 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`

/** A page with a slider for each animation and a table, that needs nothing beside it. */
export const sliderPage = ({ title, introduction, animations, table }: SliderPage): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${introduction.map((paragraph) => `<p>${paragraph}</p>`).join('\n')}
${animations.map(animationOf).join('\n')}
<h2>In numbers</h2>
<div class="scroll"><table><thead>${rowOf(table.head, 'th')}</thead>
<tbody>${table.rows.map((row) => rowOf(row, 'td')).join('\n')}</tbody></table></div>
<script>${script}</script>
</body>
</html>
`
