export { eachBackend } from './each-backend.ts'
export { runs } from './runs.ts'
export { tolerance } from './tolerance.ts'
export { withoutLeaks } from './without-leaks.ts'
