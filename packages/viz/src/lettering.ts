import type { Mark, Pixel, Text } from './scene.js'

/*
 * Sizes and colours of what is written, in one place: the text of every plot looks the same. The greys have a contrast
 * of at least 4.5 to 1 on white.
 */

export const sizes = { title: 15, heading: 13, label: 12, tick: 11 } as const

export const greys = { text: '#222222', faint: '#595959', line: '#8c8c8c', grid: '#e8e8e8', frame: '#c8c8c8' } as const

/** About how wide a text comes out: sans-serif letters are a little over half as wide as the font is high. */
export const textWidth = (text: string, size: number): number => 0.56 * size * [...text].length

type Extra = Partial<Pick<Text, 'anchor' | 'weight' | 'turn'>> & { readonly colour?: string }

/** A line of text. */
export const write = (text: string, at: Pixel, size: number, extra: Extra = {}): Mark => {
  const { colour = greys.text, ...rest } = extra
  return { kind: 'text', text, at, size, ...rest, style: { fill: colour } }
}
