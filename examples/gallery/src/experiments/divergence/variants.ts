import type { Settings } from '../../experiment.js'

/** One of the flows that are shown side by side. */
export interface Variant {
  readonly row: string
  readonly title: string
  readonly p: number
  readonly blur: number
  readonly reach?: number
  readonly debias: boolean
}

const blurs = [0.3, 0.1, 0.02]
const reaches = [undefined, 0.2, 0.06]

const reachWords = (reach: number | undefined): string => (reach === undefined ? 'no limit' : `reach ${reach}`)

/** How many flows stand in a row. */
export const columns = 3

/** The flows of the settings: blur or reach along the rows, plain transport above the debiased. */
export const variantsOf = (settings: Settings): readonly Variant[] => {
  const p = Number(settings['p'])
  const blur = Number(settings['blur'])
  return [false, true].flatMap((debias) => {
    const row = debias ? 'Debiased: the divergence' : 'Plain: the cost of transport'
    return settings['compare'] === 'reach'
      ? reaches.map((reach) => ({ row, title: reachWords(reach), p, blur, debias, ...(reach === undefined ? {} : { reach }) }))
      : blurs.map((one) => ({ row, title: `blur ${one}`, p, blur: one, debias }))
  })
}
