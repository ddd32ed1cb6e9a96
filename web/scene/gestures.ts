import type { SceneViewer } from './viewer.ts';

/** How to move it, for who has not tried. */
export const HOW_TO_MOVE =
  'Drag to turn, wheel or pinch to come closer, Shift and drag to move; or arrow keys, + and −, W A S D, and 0 for the first view.';

const RADIANS_A_HEIGHT = 4;
const [KEY_TURN, KEY_SHIFT] = [0.1, 0.05];

/** Mouse, touch and keys move the view. */
export function followGestures(canvas: HTMLCanvasElement, viewer: SceneViewer): void {
  followPointers(canvas, viewer);
  followKeys(canvas, viewer);
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      viewer.zoom(Math.exp(event.deltaY / 800));
    },
    { passive: false },
  );
}

type Place = readonly [x: number, y: number];

function followPointers(canvas: HTMLCanvasElement, viewer: SceneViewer): void {
  const fingers = new Map<number, Place>();
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
  });
  for (const name of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(name, (event) => fingers.delete(event.pointerId));
  }
  canvas.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now: Place = [event.clientX, event.clientY];
    const [across, along] = [now[0] - before[0], now[1] - before[1]].map((pixels) => pixels / canvas.clientHeight);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const apart = ([x, y]: Place) => Math.hypot(x - other[0], y - other[1]);
      viewer.zoom(apart(before) / Math.max(1, apart(now)));
      viewer.shift(across! / 2, along! / 2);
    } else if (event.shiftKey || event.buttons === 2) viewer.shift(across!, along!);
    else viewer.turn(RADIANS_A_HEIGHT * across!, RADIANS_A_HEIGHT * along!);
    fingers.set(event.pointerId, now);
  });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
}

function followKeys(canvas: HTMLCanvasElement, viewer: SceneViewer): void {
  const keys: Record<string, () => void> = {
    ArrowLeft: () => viewer.turn(KEY_TURN, 0),
    ArrowRight: () => viewer.turn(-KEY_TURN, 0),
    ArrowUp: () => viewer.turn(0, KEY_TURN),
    ArrowDown: () => viewer.turn(0, -KEY_TURN),
    '+': () => viewer.zoom(0.9),
    '=': () => viewer.zoom(0.9),
    '-': () => viewer.zoom(1.1),
    a: () => viewer.shift(KEY_SHIFT, 0),
    d: () => viewer.shift(-KEY_SHIFT, 0),
    w: () => viewer.shift(0, -KEY_SHIFT),
    s: () => viewer.shift(0, KEY_SHIFT),
    0: () => viewer.home(),
  };
  canvas.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
