/**
 * Copies a link. Where a page may not write to the clipboard, the link is shown in a field, selected, to be copied by
 * hand.
 *
 * @returns what happened, in words for the visitor
 */
export const copyLink = async (link: string, field: HTMLInputElement): Promise<string> => {
  try {
    await navigator.clipboard.writeText(link)
    field.hidden = true
    return 'The link is copied.'
  } catch {
    field.hidden = false
    field.value = link
    field.focus()
    field.select()
    return 'Copy the link from the field.'
  }
}
