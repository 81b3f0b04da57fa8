import 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The tarballs, by package name. */
    readonly tarballs: Readonly<Record<string, string>>
    /** The folder of a project into which they are installed. */
    readonly project: string
  }
}
