/* The slicing loop, in an instance and a memory of its own. */
export * from '../../backend/assembly/slices'
