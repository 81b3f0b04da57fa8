export { default } from '../vitest/check.config.ts'
