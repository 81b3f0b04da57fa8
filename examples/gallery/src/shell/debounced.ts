/** Calls `act` once nothing has been asked for so many milliseconds. */
export const debounced = (act: () => void, milliseconds: number): { readonly ask: () => void; readonly drop: () => void } => {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    ask: () => {
      clearTimeout(timer)
      timer = setTimeout(act, milliseconds)
    },
    drop: () => clearTimeout(timer),
  }
}
