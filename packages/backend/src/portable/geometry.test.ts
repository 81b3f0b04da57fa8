import { describe, test } from 'vitest'
import { geometryCases } from '../../../../tooling/testing/src/geometry-cases.ts'
import { checkGeometry, sharingClouds } from '../../../../tooling/testing/src/geometry-check.ts'
import { eachBackend, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { portableBackend } from './portable-backend.js'

// The reference engine has its own geometry; the portable one runs on the tfjs backend that it registers.
eachBackend('the portable geometry', (backend) => {
  describe.each(geometryCases.map((theCase) => [theCase.name, theCase] as const))('of the %s', (_, theCase) => {
    test.each([1, 2, 20])('is the sums that define it, in dimension %i', async (d) => {
      const portable = await portableBackend(backend().name)
      withoutLeaks(() => checkGeometry(portable, theCase, ...sharingClouds(d), d > 16 ? 3 : 0.3))
    })

    test('is the sums that define it where points repeat', async () => {
      const portable = await portableBackend(backend().name)
      const [a, b, c] = sharingClouds(2)[0] as [readonly number[], readonly number[], readonly number[]]
      withoutLeaks(() => checkGeometry(portable, theCase, [a, a, b, c, b], [b, a, b, c, a, c]))
    })

    test('is the same row by row as at once', async () => {
      const portable = await portableBackend(backend().name, { memoryBudget: 1 })
      withoutLeaks(() => checkGeometry(portable, theCase, ...sharingClouds(3)))
    })

    test('is the same in blocks of two rows', async () => {
      const bytes = backend().precision === 'float64' ? 8 : 4
      const portable = await portableBackend(backend().name, { memoryBudget: 2 * 7 * 3 * bytes })
      withoutLeaks(() => checkGeometry(portable, theCase, ...sharingClouds(3)))
    })
  })
})
