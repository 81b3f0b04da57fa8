import * as errors from '@monge/errors'
import * as random from '@monge/random'
import * as viz from '@monge/viz'

/*
 * The packages that know nothing of TensorFlow.js: their declarations hold under every check.
 */
console.log([errors, random, viz].flatMap((names) => Object.keys(names)).join(' '))
