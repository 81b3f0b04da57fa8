import { start } from './normals'

/*
 * Streams of folded keys, with the words of src/threefry.ts and src/key.ts. Not part of the module of normal numbers: for
 * those that draw step after step without leaving WebAssembly.
 */

// The words of a key: of the one that is given, of its child, and of the child's stream.
let w0: u32 = 0
let w1: u32 = 0
let w2: u32 = 0
let w3: u32 = 0

/** Starts the stream of `fold(data)` of the key with these words: `fill` makes its normal numbers. */
export function startFolded(k0: u32, k1: u32, k2: u32, k3: u32, data: f64): void {
  w0 = k0
  w1 = k1
  w2 = k2
  w3 = k3
  // Adding zero makes +0 of -0.
  const bits = reinterpret<u64>(data + 0)
  derive(<u32>bits, <u32>(bits >> 32), 3)
  derive(0, 0, 4)
  start(w0, w1, w2, w3)
}

/** Threefry-4x32 with 20 rounds: see src/threefry.ts. */
function derive(low: u32, high: u32, purpose: u32): void {
  let p = w0
  let q = w1
  let r = w2
  let s = w3
  let t = p ^ q ^ r ^ s ^ 0x1bd11bda
  let a = low + p
  let b = high + q
  let c = purpose + r
  let d = s
  for (let injection: u32 = 1; injection <= 5; injection++) {
    const odd = (injection & 1) == 1
    a += b
    b = rotl<u32>(b, odd ? 10 : 6) ^ a
    c += d
    d = rotl<u32>(d, odd ? 26 : 20) ^ c
    a += d
    d = rotl<u32>(d, odd ? 11 : 17) ^ a
    c += b
    b = rotl<u32>(b, odd ? 21 : 11) ^ c
    a += b
    b = rotl<u32>(b, odd ? 13 : 25) ^ a
    c += d
    d = rotl<u32>(d, odd ? 27 : 10) ^ c
    a += d
    d = rotl<u32>(d, odd ? 23 : 18) ^ a
    c += b
    b = rotl<u32>(b, odd ? 5 : 20) ^ c
    const first = p
    p = q
    q = r
    r = s
    s = t
    t = first
    a += p
    b += q
    c += r
    d += s + injection
  }
  w0 = a
  w1 = b
  w2 = c
  w3 = d
}
