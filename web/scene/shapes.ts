const VERTEX = `#version 300 es
in vec3 place;
in vec3 colour;
uniform mat4 view;
uniform float size;
out vec3 shade;
out vec3 where;
void main() {
  gl_Position = view * vec4(place, 1.0);
  shade = colour;
  where = place;
  gl_PointSize = clamp(size / gl_Position.w, 1.5, 12.0);
}`;

// A mesh without light is a flat stain: each triangle is lit by how it stands, which needs no normals in the file.
const FRAGMENT = `#version 300 es
precision highp float;
in vec3 shade;
in vec3 where;
uniform int lit;
uniform vec3 light;
out vec4 seen;
void main() {
  float level = 1.0;
  if (lit == 1) {
    vec3 n = normalize(cross(dFdx(where), dFdy(where)));
    level = 0.55 + 0.45 * abs(dot(n, light));
  }
  seen = vec4(shade * level, 1.0);
}`;

/** What is drawn as one: points, or lines or triangles between them. */
export interface Shape {
  kind: 'points' | 'lines' | 'triangles';
  positions: Float32Array;
  /** Three bytes a point; one colour for all where it has none. */
  colours?: Uint8Array;
  indexes?: Uint32Array;
}

export interface Drawing {
  /** What `show` of the shape with this number draws. */
  add(shape: Shape): number;
  begin(view: Float32Array, light: readonly number[]): void;
  draw(shape: number): void;
  close(): void;
}

const [PLACE, COLOUR] = [0, 1];
const LINE_COLOUR = [1, 0.72, 0.2] as const;
// The dark of the canvas, in both themes.
const GROUND = [0.086, 0.098, 0.118] as const;

/** @throws Error where a browser has no WebGL 2. */
export function openDrawing(canvas: HTMLCanvasElement): Drawing {
  const gl = canvas.getContext('webgl2', { antialias: true, preserveDrawingBuffer: true });
  if (!gl)
    throw new Error('This browser has no WebGL 2, so the model is not shown. The PLY and GLB files open elsewhere.');
  const program = linked(gl);
  gl.useProgram(program);
  gl.enable(gl.DEPTH_TEST);
  const uniform = (name: string) => gl.getUniformLocation(program, name);
  const [view, size, lit, light] = [uniform('view'), uniform('size'), uniform('lit'), uniform('light')];
  const modes = { points: gl.POINTS, lines: gl.LINES, triangles: gl.TRIANGLES };
  const shapes: { array: WebGLVertexArrayObject; count: number; shape: Shape }[] = [];

  const fill = (place: number, data: Float32Array | Uint8Array, type: number) => {
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 3, type, type === gl.UNSIGNED_BYTE, 0, 0);
  };

  return {
    add(shape) {
      const array = gl.createVertexArray();
      gl.bindVertexArray(array);
      fill(PLACE, shape.positions, gl.FLOAT);
      if (shape.colours) fill(COLOUR, shape.colours, gl.UNSIGNED_BYTE);
      if (shape.indexes) {
        gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
        gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, shape.indexes, gl.STATIC_DRAW);
      }
      return shapes.push({ array, count: shape.indexes?.length ?? shape.positions.length / 3, shape }) - 1;
    },
    begin(matrix, direction) {
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(...GROUND, 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.uniformMatrix4fv(view, false, matrix);
      gl.uniform1f(size, canvas.height / 180);
      gl.uniform3fv(light, direction);
    },
    draw(number) {
      const { array, count, shape } = shapes[number]!;
      gl.bindVertexArray(array);
      gl.uniform1i(lit, shape.kind === 'triangles' ? 1 : 0);
      if (!shape.colours) gl.vertexAttrib3f(COLOUR, ...LINE_COLOUR);
      if (shape.indexes) gl.drawElements(modes[shape.kind], count, gl.UNSIGNED_INT, 0);
      else gl.drawArrays(modes[shape.kind], 0, count);
    },
    close: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
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
  gl.bindAttribLocation(program, PLACE, 'place');
  gl.bindAttribLocation(program, COLOUR, 'colour');
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS)) return program;
  throw new Error(`The drawing program can't be linked: ${gl.getProgramInfoLog(program)}`);
}
