/** What the number is that a transport loss returns. */
export type Form = 'transport' | 'primal' | 'dual' | 'debiased'

export const forms: readonly Form[] = ['transport', 'primal', 'dual', 'debiased']

/** What each form is called. */
export const names: Readonly<Record<Form, string>> = {
  transport: 'transport cost',
  primal: 'primal value',
  dual: 'dual value',
  debiased: 'debiased',
}

/** What each form is, as the reader knows it. */
export const formulas: Readonly<Record<Form, string>> = {
  transport: '<P, C>',
  primal: '<P, C> + ε KL(P | abᵀ)',
  dual: '<a, f> + <b, g>',
  debiased: 'OT(α, β) - OT(α, α)/2 - OT(β, β)/2',
}
