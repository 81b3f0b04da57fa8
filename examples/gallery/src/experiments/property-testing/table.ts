import type { Mark, Pixel, Scene, Text } from '@monge/viz'
import type { Size } from '../../experiment.js'
import type { Broken, Extra, Verdict } from './extra.js'

const ink = '#222222'
const faint = '#595959'

const write = (text: string, at: Pixel, size: number, extra: Partial<Pick<Text, 'anchor' | 'weight'>> = {}, fill = ink): Mark => ({
  kind: 'text',
  text,
  at,
  size,
  ...extra,
  style: { fill },
})

// Shapes as well as colours tell the verdicts apart.
const signOf = (verdict: Verdict, [x, y]: Pixel): Mark => {
  switch (verdict) {
    case 'untried':
      return { kind: 'circle', centre: [x, y], radius: 1.5, style: { fill: '#8c8c8c' } }
    case 'held':
      return {
        kind: 'path',
        lines: [[[x - 5, y], [x - 1.5, y + 4], [x + 5.5, y - 4.5]]],
        style: { stroke: '#009e73', strokeWidth: 2.2, cap: 'round' },
      }
    case 'broken':
      return {
        kind: 'path',
        lines: [
          [[x - 4.5, y - 4.5], [x + 4.5, y + 4.5]],
          [[x - 4.5, y + 4.5], [x + 4.5, y - 4.5]],
        ],
        style: { stroke: '#d55e00', strokeWidth: 2.2, cap: 'round' },
      }
  }
}

/** Words in lines of so many letters; what has no space for longer is cut where it must. */
const wrapped = (text: string, letters: number): readonly string[] => {
  const pieces = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${letters}}`, 'g')) ?? [''])
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + piece.length > letters) lines.push(piece)
    else lines[lines.length - 1] = `${last} ${piece}`
  }
  return lines
}

const margin = 16
const lineHeight = 16

const tellOf = (latest: Broken | undefined, top: number, width: number): { readonly marks: readonly Mark[]; readonly height: number } => {
  const letters = Math.floor((width - 2 * margin) / 6.4)
  const lines =
    latest === undefined
      ? [{ text: 'No law is broken so far.', fill: faint }]
      : [
          ...wrapped(`Broken last, ${latest.version}: ${latest.law}`, letters).map((text) => ({ text, fill: '#b34f00' })),
          ...wrapped(latest.what, letters).map((text) => ({ text, fill: ink })),
          ...wrapped(latest.counterexample, letters).map((text) => ({ text, fill: faint })),
        ]
  // Room for all that a long case needs, so that the page does not jump from law to law.
  const room = Math.max(width < 600 ? 12 : 6, lines.length)
  return {
    marks: lines.map(({ text, fill }, line) => write(text, [margin, top + line * lineHeight], 12, {}, fill)),
    height: room * lineHeight,
  }
}

/** The table of laws and versions, and the case that broke the latest. */
export const table = ({ laws, versions, broken }: Extra, { width }: Pick<Size, 'width'>): Scene => {
  // Where the names do not fit beside the signs they stand above them.
  const beside = width >= 640
  const left = beside ? 350 : margin
  const across = Math.min(96, (width - left - margin) / versions.length)
  const letters = beside ? 12 : 11
  const down = beside ? 22 : 36
  const head = 66
  const centre = (column: number): number => left + (column + 0.5) * across
  const heads = versions.map((_, column) => write(String(column + 1), [centre(column), head - 8], 13, { anchor: 'middle', weight: 'bold' }))
  const rows = laws.flatMap((law, row): readonly Mark[] => {
    const top = head + row * down
    return [
      { kind: 'segment', from: [margin, top], to: [width - margin, top], style: { stroke: '#e8e8e8', strokeWidth: 1 } },
      write(law, [margin, top + 15], letters),
      ...versions.map(({ verdicts }, column) =>
        signOf(verdicts[row] ?? 'untried', [centre(column), top + (beside ? 11 : 27)]),
      ),
    ]
  })
  const foot = head + laws.length * down + 24
  const told = versions.map(({ name, verdicts }, line) => {
    const count = verdicts.filter((verdict) => verdict === 'broken').length
    const tried = verdicts.filter((verdict) => verdict !== 'untried').length
    return write(
      tried === 0 ? name : `${name} (${count} of ${tried})`,
      [margin, foot + (line + 1) * lineHeight],
      letters,
      {},
      tried === 0 ? faint : ink,
    )
  })
  const heading = write('Broken, of the laws that were tried:', [margin, foot], letters, {}, faint)
  const below = tellOf(broken.at(-1), foot + (versions.length + 2) * lineHeight, width)
  return {
    width,
    height: foot + (versions.length + 2) * lineHeight + below.height,
    title: 'Laws, and the versions of the solver that they were tried on',
    description: `${broken.length} laws broken so far.`,
    background: 'white',
    marks: [
      write('Laws and versions', [margin, 24], 15, { weight: 'bold' }),
      write('check: held in every case; cross: broken', [margin, 42], 11, {}, faint),
      ...heads,
      ...rows,
      heading,
      ...told,
      ...below.marks,
    ],
  }
}
