import { axesOf, type Eye, HOME, shifted, turned, viewMatrix, zoomed } from './camera.ts';
import { frameOf, frusta, type Pose, upOf } from './poses.ts';
import { openDrawing, type Shape } from './shapes.ts';

export interface SceneViewer {
  /** Puts a shape into the view under a name, shown. */
  add(name: string, shape: Shape): void;
  show(name: string, isShown: boolean): void;
  /** By radians. */
  turn(across: number, along: number): void;
  /** Below 1 comes closer. */
  zoom(factor: number): void;
  /** By parts of the canvas's height. */
  shift(across: number, along: number): void;
  home(): void;
  close(): void;
}

/** Of the layer that shows where pictures were taken from. */
export const CAMERAS = 'cameras';

/**
 * A view of a scene that can be turned, laid around the points that it is given; a frame is drawn only when something has
 * changed. The status page and the report of reconstruct both open it.
 * @throws Error where a browser has no WebGL 2.
 */
export function openViewer(canvas: HTMLCanvasElement, around: Float32Array, poses: Pose[]): SceneViewer {
  const drawing = openDrawing(canvas);
  const [up, frame] = [upOf(poses), frameOf(around, poses)];
  const layers = new Map<string, { shape: number; isShown: boolean }>();
  let eye: Eye = HOME;
  let asked = 0;

  const draw = () => {
    asked = 0;
    const ratio = Math.min(2, devicePixelRatio);
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    drawing.begin(viewMatrix(eye, up, frame, canvas.width / Math.max(1, canvas.height)), axesOf(eye, up).back);
    for (const { shape, isShown } of layers.values()) if (isShown) drawing.draw(shape);
    canvas.dataset.drawn = `${Number(canvas.dataset.drawn ?? 0) + 1}`;
  };
  const redraw = () => {
    asked ||= requestAnimationFrame(draw);
  };
  const look = (from: Eye) => {
    eye = from;
    redraw();
  };
  const add = (name: string, shape: Shape) => {
    layers.set(name, { shape: drawing.add(shape), isShown: true });
    redraw();
  };

  if (poses.length > 0) {
    const { positions, lines } = frusta(poses, frame);
    add(CAMERAS, { kind: 'lines', positions, indexes: lines });
  }
  const sizes = new ResizeObserver(redraw);
  sizes.observe(canvas);
  return {
    add,
    show(name, isShown) {
      const layer = layers.get(name);
      if (layer) layer.isShown = isShown;
      redraw();
    },
    turn: (across, along) => look(turned(eye, across, along)),
    zoom: (factor) => look(zoomed(eye, factor)),
    shift: (across, along) => look(shifted(eye, up, across, along)),
    home: () => look(HOME),
    close() {
      sizes.disconnect();
      cancelAnimationFrame(asked);
      drawing.close();
    },
  };
}
