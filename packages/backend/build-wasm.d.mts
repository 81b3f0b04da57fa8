export const compile: () => Promise<string>
