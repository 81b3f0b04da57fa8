export { referenceBackend } from './reference.js'
