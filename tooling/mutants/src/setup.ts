import fc from 'fast-check'

// That a property fails kills the mutant: the smallest counterexample is not asked for.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true })
