import { expect, test } from 'vitest'
import { bernoulli, categorical, choice, directions, fold, integers, key, normal, permutation, split, uniform } from './index.js'

/*
 * The same numbers for the same key, on every platform and in every later version: bit by bit.
 */

const hexadecimal = (values: Float64Array): string[] => {
  const bits = new DataView(new ArrayBuffer(8))
  return Array.from(values, (value) => {
    bits.setFloat64(0, value)
    return bits.getBigUint64(0).toString(16)
  })
}

test('keys', () => {
  expect(key(1781).words).toMatchInlineSnapshot(`
    [
      3921041540,
      1124154851,
      4207155952,
      2973375956,
    ]
  `)
  expect(key(0.5).words).toMatchInlineSnapshot(`
    [
      1594284380,
      222652650,
      2550166614,
      3647302323,
    ]
  `)
  expect(fold(-3.25)(key(1781)).words).toMatchInlineSnapshot(`
    [
      1438737979,
      3737943490,
      1180188139,
      3148705139,
    ]
  `)
  expect(split(2)(key(1781)).map(({ words }) => words)).toMatchInlineSnapshot(`
    [
      [
        2635942874,
        2436207037,
        3411452563,
        3541084844,
      ],
      [
        1165152463,
        4193877026,
        2775794002,
        354816497,
      ],
    ]
  `)
})

test('real numbers', () => {
  expect(hexadecimal(uniform({}, 3)(key(1)))).toMatchInlineSnapshot(`
    [
      "3fe4c598586a230f",
      "3fcadd3fc08a66fc",
      "3fdbb7c95f6ac9b8",
    ]
  `)
  expect(hexadecimal(uniform({ low: -1, high: 3 }, 2)(key(2)))).toMatchInlineSnapshot(`
    [
      "40065c88244bd51b",
      "4006a6280afe8ae8",
    ]
  `)
  expect(hexadecimal(normal(12)(key(3)))).toMatchInlineSnapshot(`
    [
      "3ff0c65481774df5",
      "bff1357dd7eabd06",
      "bff3f64b89efdb38",
      "bfc7e952b3ac7c14",
      "3ff0daa6205434c5",
      "4004dc6ce14b7265",
      "3fe9e854b50bf523",
      "3ffcaebfb4c564e1",
      "3fde127a17f0d20f",
      "bfa24209dfd04197",
      "3fd37a18a552f64b",
      "3fdddec72de811c3",
    ]
  `)
  expect(hexadecimal(directions(2, 3)(key(4)))).toMatchInlineSnapshot(`
    [
      "bfd84f8464e11fd3",
      "3fead784b1c5c7d0",
      "3fd8f602aa483861",
      "bfdd3f7117e35aad",
      "3febddccd7c912b5",
      "3fc73013b34e72ce",
    ]
  `)
})

test('whole numbers', () => {
  expect(integers({ low: -100, high: 100 }, 6)(key(5)).join()).toMatchInlineSnapshot(`"2,98,50,93,-95,-46"`)
  expect(permutation(10)(key(6)).join()).toMatchInlineSnapshot(`"0,6,8,2,3,4,1,7,9,5"`)
  expect(choice(100, 5)(key(7)).join()).toMatchInlineSnapshot(`"17,66,48,57,56"`)
  expect(categorical([1, 0, 2, 3], 12)(key(8)).join()).toMatchInlineSnapshot(`"3,2,3,2,2,2,0,3,0,3,2,3"`)
  expect(bernoulli(0.3, 12)(key(9)).join()).toMatchInlineSnapshot(`"0,0,0,0,0,0,0,0,1,0,0,1"`)
})

test('the digest of a hundred thousand normal numbers', () => {
  const words = new DataView(normal(100_000)(key(10)).buffer)
  let digest = 0
  for (let offset = 0; offset < words.byteLength; offset += 4)
    // Typed arrays are little-endian on every machine that runs JavaScript today.
    digest = (Math.imul(digest, 31) + words.getInt32(offset, true)) | 0
  expect(digest).toMatchInlineSnapshot(`-1624216548`)
})
