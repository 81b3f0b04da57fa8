/** Such as `monge-gradient-flows-120.svg`: what it is of, at which step, and what kind of file. */
export const fileName = (id: string, step: number | undefined, extension: string): string =>
  `monge-${id}${step === undefined ? '' : `-${step}`}.${extension}`
