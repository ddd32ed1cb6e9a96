import { extentOf, type Orbit, viewProjection } from './results/orbit.ts';
import type { Scene } from './results/ply.ts';

const VERTEX = `#version 300 es
uniform mat4 camera;
uniform float pointSize;
in vec3 position;
in vec3 color;
out vec3 shade;
out vec3 place;
void main() {
  gl_Position = camera * vec4(position, 1.0);
  gl_PointSize = pointSize;
  shade = color;
  place = position;
}`;

// A mesh without light is a flat stain: each triangle is lit by how it stands, which needs no normals in the file.
const FRAGMENT = `#version 300 es
precision highp float;
uniform bool isLit;
in vec3 shade;
in vec3 place;
out vec4 pixel;
void main() {
  vec3 normal = normalize(cross(dFdx(place), dFdy(place)));
  float light = isLit ? 0.55 + 0.45 * abs(dot(normal, normalize(vec3(0.3, -0.8, -0.5)))) : 1.0;
  pixel = vec4(shade * light, 1.0);
}`;

export interface SceneViewer {
  /** Turns by these radians. */
  turn(yaw: number, pitch: number): void;
  /** Below 1 comes nearer. */
  zoom(factor: number): void;
  reset(): void;
  close(): void;
}

/** Draws a point cloud or a mesh into a canvas, once for every change of the camera. @throws Error without WebGL2. */
export function openViewer(canvas: HTMLCanvasElement, { positions, colors, triangles }: Scene): SceneViewer {
  const gl = canvas.getContext('webgl2', { antialias: true });
  if (!gl)
    throw new Error('This browser draws no 3D here (WebGL2 is missing or turned off). Download the file instead.');
  const program = linked(gl);
  fill(gl, program, 'position', positions, gl.FLOAT);
  fill(gl, program, 'color', colors, gl.UNSIGNED_BYTE);
  const isMesh = triangles.length > 0;
  if (isMesh) {
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, triangles, gl.STATIC_DRAW);
  }
  gl.enable(gl.DEPTH_TEST);
  gl.useProgram(program);
  const place = { camera: gl.getUniformLocation(program, 'camera'), size: gl.getUniformLocation(program, 'pointSize') };
  gl.uniform1i(gl.getUniformLocation(program, 'isLit'), isMesh ? 1 : 0);

  const { center, radius } = extentOf(positions);
  const start: Orbit = { yaw: 0, pitch: 0.35, distance: radius * 3.2 };
  let orbit = { ...start };
  let frame = 0;
  const draw = () => {
    frame = 0;
    const ratio = Math.min(2, devicePixelRatio);
    [canvas.width, canvas.height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0.086, 0.098, 0.11, 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.uniformMatrix4fv(place.camera, false, viewProjection(orbit, center, canvas.width / Math.max(1, canvas.height)));
    gl.uniform1f(place.size, Math.max(1.5, (3 * ratio * radius * 3.2) / orbit.distance));
    if (isMesh) gl.drawElements(gl.TRIANGLES, triangles.length, gl.UNSIGNED_INT, 0);
    else gl.drawArrays(gl.POINTS, 0, positions.length / 3);
  };
  const redraw = () => {
    frame ||= requestAnimationFrame(draw);
  };
  const sizes = new ResizeObserver(redraw);
  sizes.observe(canvas);
  return {
    turn(yaw, pitch) {
      orbit.yaw += yaw;
      orbit.pitch = Math.max(-1.5, Math.min(1.5, orbit.pitch + pitch));
      redraw();
    },
    zoom(factor) {
      orbit.distance = Math.max(radius / 50, Math.min(radius * 50, orbit.distance * factor));
      redraw();
    },
    reset() {
      orbit = { ...start };
      redraw();
    },
    close() {
      sizes.disconnect();
      cancelAnimationFrame(frame);
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS)) return program;
  throw new Error(`The drawing program can't be linked: ${gl.getProgramInfoLog(program)}`);
}

function fill(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  name: string,
  data: Float32Array | Uint8Array,
  type: number,
): void {
  const at = gl.getAttribLocation(program, name);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(at);
  gl.vertexAttribPointer(at, 3, type, type === gl.UNSIGNED_BYTE, 0, 0);
}
