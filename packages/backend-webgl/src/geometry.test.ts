import { describe, test } from 'vitest'
import { cloud, geometryCases } from '../../../tooling/testing/src/geometry-cases.ts'
import { checkGeometry, sharingClouds } from '../../../tooling/testing/src/geometry-check.ts'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'

eachBackend('the geometry', (backend) => {
  describe.each(geometryCases.slice(0, 2))('of $name', (theCase) => {
    test.each([1, 5])('is its defining sums in dimension %i', (d) => {
      withoutLeaks(() => checkGeometry(backend(), theCase, ...sharingClouds(d)))
    })
  })
})
