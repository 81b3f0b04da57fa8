/** The clouds that controls offer by name: those that `cloudOf` knows. */
export const presets: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'disc', label: 'Disc' },
  { value: 'ring', label: 'Ring' },
  { value: 'square', label: 'Square' },
  { value: 'blobs', label: 'Two blobs' },
  { value: 'moons', label: 'Two moons' },
  { value: 'spiral', label: 'Spiral' },
  { value: 'heart', label: 'Heart' },
  { value: 'cross', label: 'Cross' },
  { value: 'left', label: 'Disc at the left' },
  { value: 'right', label: 'Disc at the right' },
]
