/** Hands a file to the visitor, as the browser does with downloads. */
export const download = (name: string, content: Blob): void => {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken hold of it by then; there is no event that would tell.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
