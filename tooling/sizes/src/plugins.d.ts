declare module '@size-limit/esbuild' {
  const plugin: readonly object[]
  export default plugin
}

declare module '@size-limit/file' {
  const plugin: readonly object[]
  export default plugin
}

declare module 'size-limit' {
  const sizeLimit: (
    plugins: readonly (readonly object[])[],
    config: { readonly checks: readonly object[] },
  ) => Promise<readonly { readonly size: number }[]>
  export default sizeLimit
}
