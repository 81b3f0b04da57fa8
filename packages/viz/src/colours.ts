import { mongeError } from '@monge/errors'
import {
  interpolateCividis,
  interpolateGreys,
  interpolateMagma,
  interpolatePuOr,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic'

/**
 * Colours to tell series apart: those of Okabe and Ito (2008), which people of every colour vision tell apart, the
 * ones that stand out on white first.
 */
export const categorical: readonly string[] = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#333333',
  '#e69f00',
  '#56b4e9',
]

/** The colour of series `index`; they repeat after seven. */
export const seriesColour = (index: number): string => categorical[index % categorical.length] ?? '#333333'

/*
 * Maps of `[0, 1]` to colours whose lightness follows the value: evenly from dark to light for a quantity (greys: from
 * light to dark, as ink), from two hues to a light middle for a difference. None sets red against green.
 */
const maps: Readonly<Record<ColourMap, (position: number) => string>> = {
  viridis: interpolateViridis,
  cividis: interpolateCividis,
  magma: interpolateMagma,
  greys: interpolateGreys,
  'blue-red': (position) => interpolateRdBu(1 - position),
  'purple-orange': (position) => interpolatePuOr(1 - position),
}

/** The maps from numbers to colours. The last two are for differences: their light middle stands for 0. */
export type ColourMap = 'viridis' | 'cividis' | 'magma' | 'greys' | 'blue-red' | 'purple-orange'

const diverging: readonly ColourMap[] = ['blue-red', 'purple-orange']

/** Numbers to colours: over `domain`, in `map`. */
export interface ColourScale {
  readonly map: ColourMap
  readonly domain: readonly [number, number]
}

const widened = ([low, high]: readonly [number, number]): readonly [number, number] =>
  low < high ? [low, high] : [low - (Math.abs(low) || 1) / 2, low + (Math.abs(low) || 1) / 2]

/** The scale of `map` that fits numbers from `low` to `high`; those for differences are symmetric about 0. */
export const colourScale = (map: ColourMap, [low, high]: readonly [number, number]): ColourScale => {
  if (!(map in maps))
    throw mongeError('InvalidOption', 'colours', `expected one of ${Object.keys(maps).join(', ')}, got ${map}`)
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1
  return { map, domain: diverging.includes(map) ? [-reach, reach] : widened([low, high]) }
}

/** The colour at `position` of `[0, 1]` along a scale. */
export const colourAlong = (scale: ColourScale, position: number): string =>
  maps[scale.map](Math.min(1, Math.max(0, position)))

/** Where `value` stands along a scale, from 0 to 1. */
export const positionOf = ({ domain: [low, high] }: ColourScale, value: number): number =>
  Math.min(1, Math.max(0, (value - low) / (high - low)))
