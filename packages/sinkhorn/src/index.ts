export type { Certificate } from './certificate.js'
export { sinkhornCost, sinkhornDivergence } from './divergence.js'
export { hausdorffDivergence } from './hausdorff.js'
export type { Acceleration, SinkhornOptions } from './options.js'
export {
  applyPlan,
  applyTransposedPlan,
  barycentricProjection,
  planCost,
  planMarginals,
  planMass,
} from './plan.js'
export type { Plan } from './plan.js'
export { densePlan, sparsePlan } from './plan-entries.js'
export type { SparsePlan } from './plan-entries.js'
export { extendSourcePotential, extendTargetPotential } from './extension.js'
export { debiasedPotentials } from './potentials.js'
export { denseRoundedPlan } from './rounding.js'
export { annealing, constantSchedule, geometricSchedule, leap } from './schedule.js'
export type { Schedule } from './schedule.js'
export { solve, solveAsync, solveBatch } from './solve.js'
export type { Solution, SolveOptions } from './solve.js'
export type { Progress } from './solver.js'
