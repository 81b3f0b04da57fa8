export { default } from '../../tooling/vitest/shared.config.ts'
