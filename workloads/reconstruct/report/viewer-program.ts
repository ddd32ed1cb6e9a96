/**
 * The viewer, as the text that a page carries: points, triangles and camera frusta in WebGL 2, turned by mouse, touch and
 * keys. It reads the JSON of `#scene` (scene-data.ts), draws into `#view` and obeys the boxes of `#shown`. No network, no
 * library; a frame is drawn only when something has changed.
 */
export const VIEWER_PROGRAM = String.raw`'use strict';
(() => {
  const scene = JSON.parse(document.getElementById('scene').textContent);
  const canvas = document.getElementById('view');
  const gl = canvas.getContext('webgl2', { antialias: true, preserveDrawingBuffer: true });
  const status = document.getElementById('viewer-status');
  if (!gl) {
    status.textContent = 'This browser has no WebGL 2, so the model is not shown here. The PLY and GLB files open elsewhere.';
    return;
  }

  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const floats = (text) => new Float32Array(bytes(text).buffer);

  const vertexText = '#version 300 es\n' +
    'in vec3 place; in vec3 colour; uniform mat4 view; uniform float size; out vec3 shade; out vec3 where;' +
    'void main() { gl_Position = view * vec4(place, 1.0); shade = colour; where = place;' +
    ' gl_PointSize = clamp(size / gl_Position.w, 1.5, 12.0); }';
  const fragmentText = '#version 300 es\nprecision highp float;' +
    'in vec3 shade; in vec3 where; uniform int lit; uniform vec3 light; out vec4 seen;' +
    'void main() { float level = 1.0;' +
    ' if (lit == 1) { vec3 n = normalize(cross(dFdx(where), dFdy(where))); level = 0.55 + 0.45 * abs(dot(n, light)); }' +
    ' seen = vec4(shade * level, 1.0); }';
  const program = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, vertexText], [gl.FRAGMENT_SHADER, fragmentText]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
    gl.attachShader(program, shader);
  }
  gl.bindAttribLocation(program, 0, 'place');
  gl.bindAttribLocation(program, 1, 'colour');
  gl.linkProgram(program);
  gl.useProgram(program);
  const uniform = (name) => gl.getUniformLocation(program, name);
  const [viewAt, sizeAt, litAt, lightAt] = ['view', 'size', 'lit', 'light'].map(uniform);

  function shape(positions, colours, indexes, mode) {
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, positions, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
    if (colours) {
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, colours, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(1);
      gl.vertexAttribPointer(1, 3, gl.UNSIGNED_BYTE, true, 0, 0);
    }
    if (indexes) {
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indexes, gl.STATIC_DRAW);
    }
    return { array, mode, count: indexes ? indexes.length : positions.length / 3, indexed: Boolean(indexes) };
  }

  const shapes = { points: shape(floats(scene.points.positions), bytes(scene.points.colours), undefined, gl.POINTS) };
  if (scene.mesh) {
    const indexes = new Uint32Array(bytes(scene.mesh.indexes).buffer);
    shapes.mesh = shape(floats(scene.mesh.positions), bytes(scene.mesh.colours), indexes, gl.TRIANGLES);
  }
  const edges = [0, 1, 0, 2, 0, 3, 0, 4, 1, 2, 2, 3, 3, 4, 4, 1, 1, 5, 5, 2];
  const lines = new Uint32Array(scene.cameras.count * edges.length);
  for (let at = 0; at < lines.length; at += 1) {
    lines[at] = 6 * Math.floor(at / edges.length) + edges[at % edges.length];
  }
  shapes.cameras = shape(floats(scene.cameras.positions), undefined, lines, gl.LINES);

  // The model's own upright, and two directions across it, to turn around.
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const unit = (a) => { const l = Math.hypot(...a); return a.map((v) => v / l); };
  const up = unit(scene.up);
  const east = unit(cross(up, Math.abs(up[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]));
  const north = cross(up, east);
  const HOME = { turn: 0.6, rise: 0.6, distance: 2.1, target: [0, 0, 0] };
  let eye = { ...HOME, target: [...HOME.target] };

  function axes() {
    const flat = Math.cos(eye.rise);
    const back = [0, 1, 2].map((k) =>
      flat * (Math.cos(eye.turn) * east[k] + Math.sin(eye.turn) * north[k]) + Math.sin(eye.rise) * up[k]);
    const right = unit(cross(up, back));
    return { back, right, above: cross(back, right) };
  }

  function viewMatrix() {
    const { back, right, above } = axes();
    const from = [0, 1, 2].map((k) => eye.target[k] + eye.distance * back[k]);
    const dot = (a) => -(a[0] * from[0] + a[1] * from[1] + a[2] * from[2]);
    const zoom = 1 / Math.tan(0.4);
    const [near, far] = [eye.distance / 100, eye.distance + 20];
    const [x, y] = [zoom * canvas.height / canvas.width, zoom];
    const [a, b] = [(far + near) / (near - far), (2 * far * near) / (near - far)];
    const columns = [0, 1, 2].map((k) => [x * right[k], y * above[k], a * back[k], -back[k]]);
    return [...columns.flat(), x * dot(right), y * dot(above), a * dot(back) + b, -dot(back)];
  }

  let waiting = false;
  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const scale = Math.min(2, devicePixelRatio || 1);
      const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(0.09, 0.1, 0.12, 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.enable(gl.DEPTH_TEST);
      gl.uniformMatrix4fv(viewAt, false, viewMatrix());
      gl.uniform1f(sizeAt, canvas.height / 180);
      gl.uniform3fv(lightAt, axes().back);
      for (const [name, { array, mode, count, indexed }] of Object.entries(shapes)) {
        const box = document.querySelector('#shown input[value="' + name + '"]');
        if (box && !box.checked) continue;
        gl.bindVertexArray(array);
        gl.uniform1i(litAt, name === 'mesh' ? 1 : 0);
        if (name === 'cameras') gl.vertexAttrib3f(1, 1, 0.72, 0.2);
        if (indexed) gl.drawElements(mode, count, gl.UNSIGNED_INT, 0);
        else gl.drawArrays(mode, 0, count);
      }
      canvas.dataset.drawn = String(Number(canvas.dataset.drawn || 0) + 1);
    });
  }

  function turn(across, along) {
    eye.turn -= across;
    eye.rise = Math.max(-1.5, Math.min(1.5, eye.rise + along));
    draw();
  }
  function zoom(factor) {
    eye.distance = Math.max(0.05, Math.min(20, eye.distance * factor));
    draw();
  }
  function shift(across, along) {
    const { right, above } = axes();
    eye.target = eye.target.map((v, k) => v + eye.distance * (-across * right[k] + along * above[k]));
    draw();
  }

  const fingers = new Map();
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(name, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const [across, along] = [(now[0] - before[0]) / canvas.clientHeight, (now[1] - before[1]) / canvas.clientHeight];
    if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const apart = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]);
      zoom(apart(before) / Math.max(1, apart(now)));
      shift(across / 2, along / 2);
    } else if (event.shiftKey || event.buttons === 2) shift(across, along);
    else turn(4 * across, 4 * along);
    fingers.set(event.pointerId, now);
  });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(Math.exp(event.deltaY / 800));
  }, { passive: false });
  const keys = {
    ArrowLeft: () => turn(0.1, 0), ArrowRight: () => turn(-0.1, 0), ArrowUp: () => turn(0, 0.1), ArrowDown: () => turn(0, -0.1),
    '+': () => zoom(0.9), '=': () => zoom(0.9), '-': () => zoom(1.1),
    a: () => shift(0.05, 0), d: () => shift(-0.05, 0), w: () => shift(0, -0.05), s: () => shift(0, 0.05),
    0: () => { eye = { ...HOME, target: [...HOME.target] }; draw(); },
  };
  canvas.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  document.getElementById('shown').addEventListener('change', draw);
  new ResizeObserver(draw).observe(canvas);
  draw();
})();
`;
