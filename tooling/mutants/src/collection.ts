import type { RunnerTestFile } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

/*
 * A suite that cannot even be collected has no tests, and Stryker, which asks for failed tests, would hold that its
 * mutant lives. This gives such a file one test, which fails.
 */
const withFailedTest = (module: TestModule): void => {
  const file = (module as unknown as { readonly task: RunnerTestFile }).task
  if (module.errors().length === 0 || file.tasks.length > 0) return
  file.tasks.push({
    type: 'test',
    id: `${file.id}_0`,
    name: 'is collected',
    mode: 'run',
    meta: {},
    file,
    suite: file,
    result: { state: 'fail', errors: [{ message: 'the suite cannot be collected' }] },
  } as unknown as RunnerTestFile['tasks'][number])
}

export const collection: Reporter = {
  onTestRunEnd: (modules) => modules.forEach((module) => withFailedTest(module)),
}
