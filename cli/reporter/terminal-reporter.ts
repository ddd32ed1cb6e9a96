import { createLogUpdate } from 'log-update';
import type { HistoryEvent } from '#core/ports';
import { colors } from './colors.ts';
import { printFinished } from './phrases.ts';
import type { Reporter } from './reporter.ts';

const FRAME_MS = 100;
const BAR_WIDTH = 24;

interface StepLine {
  startedAt: number;
  endedAt?: number;
  fraction: number;
  note: string;
  failed: boolean;
}

/** A line a step that fills as the step goes, on stderr; redrawn ten times a second at most. */
export function terminalReporter(): Reporter {
  const lines = new Map<string, StepLine>();
  const screen = createLogUpdate(process.stderr);
  const draw = () => screen([...lines].map(([step, line]) => drawLine(step, line)).join('\n'));
  const timer = setInterval(draw, FRAME_MS).unref();
  const lineOf = (step: string) => {
    const line = lines.get(step) ?? { startedAt: Date.now(), fraction: 0, note: '', failed: false };
    lines.set(step, line);
    return line;
  };
  const close = () => {
    clearInterval(timer);
    draw();
    screen.done();
  };
  return {
    preparing: (what) => process.stderr.write(`${colors.dim(what)}\n`),
    started: () => {},
    event: (event) => applyEvent(event, lineOf),
    progress({ step, percent, done, total }) {
      Object.assign(lineOf(step), { fraction: percent / 100, note: `${done} of ${total}` });
    },
    finished(result) {
      close();
      printFinished(result);
    },
    close,
  };
}

function applyEvent({ type, state, error, attempt }: HistoryEvent, lineOf: (step: string) => StepLine): void {
  if (state === undefined || !type.startsWith('Task')) return;
  const line = lineOf(state.replace(/OnCpu$/, ''));
  if (type === 'TaskStateExited') Object.assign(line, { endedAt: Date.now(), fraction: 1 });
  if (type === 'TaskRetried') line.note = `${error}, attempt ${attempt}`;
  if (type === 'TaskCaught' || type === 'TaskFailed')
    Object.assign(line, { endedAt: Date.now(), failed: true, note: error ?? '' });
}

function drawLine(step: string, { startedAt, endedAt, fraction, note, failed }: StepLine): string {
  const seconds = (((endedAt ?? Date.now()) - startedAt) / 1000).toFixed(1);
  const mark = failed ? colors.red('✗') : endedAt === undefined ? colors.cyan('›') : colors.green('✓');
  const filled = Math.round(fraction * BAR_WIDTH);
  const bar = colors.cyan('━'.repeat(filled)) + colors.dim('━'.repeat(BAR_WIDTH - filled));
  return `${mark} ${step.padEnd(16)} ${bar} ${seconds.padStart(6)} s  ${colors.dim(note)}`;
}
