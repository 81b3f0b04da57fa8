import Table from 'cli-table3'
import { format, milliseconds } from './format.js'
import { titleOf } from './losses.js'
import type { Trajectory } from './trajectory.js'

/** The losses at each time and the time that a step took, as a table for the terminal. */
export const table = (trajectories: readonly Trajectory[], coloured: boolean): string => {
  const times = trajectories[0]?.snapshots.map(({ time }) => `t = ${time}`) ?? []
  const grid = new Table({
    head: ['Loss', ...times, 'ms/step'],
    colAligns: ['left', ...times.map(() => 'right' as const), 'right'],
    style: { head: coloured ? ['bold'] : [], border: coloured ? ['gray'] : [], compact: true },
  })
  for (const { parameters, snapshots, secondsPerStep } of trajectories)
    grid.push([titleOf(parameters), ...snapshots.map(({ loss }) => format(loss)), milliseconds(secondsPerStep)])
  return grid.toString()
}
