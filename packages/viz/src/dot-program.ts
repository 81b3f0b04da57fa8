/*
 * The shaders of dots: each a point sprite, whose edge is smoothed over one pixel of the screen.
 */

const vertexSource = `#version 300 es
in vec2 centre;
in float radius;
in vec4 colour;
uniform vec2 size;
uniform vec3 place;
uniform float ratio;
uniform float opacity;
out vec4 paint;
out float reach;
void main() {
  vec2 at = (place.z * centre + place.xy) / size;
  gl_Position = vec4(2.0 * at.x - 1.0, 1.0 - 2.0 * at.y, 0.0, 1.0);
  reach = radius * place.z * ratio;
  gl_PointSize = 2.0 * reach + 2.0;
  float alpha = colour.a * opacity;
  paint = vec4(colour.rgb * alpha, alpha);
}`

const fragmentSource = `#version 300 es
precision highp float;
in vec4 paint;
in float reach;
out vec4 ink;
void main() {
  float away = length((gl_PointCoord - 0.5) * (2.0 * reach + 2.0));
  float cover = clamp(reach + 0.5 - away, 0.0, 1.0);
  if (cover <= 0.0) discard;
  ink = paint * cover;
}`

/** Where the inputs of every vertex are found. */
export const inputs = { centre: 0, radius: 1, colour: 2 } as const

export interface DotProgram {
  readonly program: WebGLProgram
  readonly size: WebGLUniformLocation | null
  readonly place: WebGLUniformLocation | null
  readonly ratio: WebGLUniformLocation | null
  readonly opacity: WebGLUniformLocation | null
}

const shader = (gl: WebGL2RenderingContext, kind: number, source: string): WebGLShader | undefined => {
  const made = gl.createShader(kind) ?? undefined
  if (made === undefined) return undefined
  gl.shaderSource(made, source)
  gl.compileShader(made)
  return made
}

/** The program, compiled and linked; undefined where that fails, as it does once the context is lost. */
export const dotProgram = (gl: WebGL2RenderingContext): DotProgram | undefined => {
  const program = gl.createProgram() ?? undefined
  const vertex = shader(gl, gl.VERTEX_SHADER, vertexSource)
  const fragment = shader(gl, gl.FRAGMENT_SHADER, fragmentSource)
  if (program === undefined || vertex === undefined || fragment === undefined) return undefined
  gl.attachShader(program, vertex)
  gl.attachShader(program, fragment)
  for (const [name, place] of Object.entries(inputs)) gl.bindAttribLocation(program, place, name)
  gl.linkProgram(program)
  gl.deleteShader(vertex)
  gl.deleteShader(fragment)
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) return undefined
  const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name)
  return { program, size: uniform('size'), place: uniform('place'), ratio: uniform('ratio'), opacity: uniform('opacity') }
}
