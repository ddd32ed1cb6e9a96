import type { CommandRequest } from '#adapters/local/commands';
import { readStdoutLine } from '#core/container-contract';
import { openProgramMetrics } from '../step-metrics.ts';
import type { ProgramContext } from './program-inputs.ts';

// A reason is read by people, and kept in a job's record.
const MAX_WORDS = 1_000;

/** Hears what a program prints: progress and metrics go where those of every step go, everything else into its log. */
export function hearProgram({
  progress,
  logger,
  job,
  device,
}: Pick<ProgramContext, 'progress' | 'logger' | 'job' | 'device'>): {
  hooks: Pick<CommandRequest, 'onLine' | 'onErrorLine'>;
  lastWords(): string | undefined;
} {
  const publish = openProgramMetrics({ jobId: job.id, workload: job.workload, device });
  let last: string | undefined;
  let furthest = 0;
  const heard = (line: string) => {
    const said = readStdoutLine(line);
    if (!said) return logger.info(line);
    if ('metric' in said) return publish(said.metric);
    const { done, total } = said.progress;
    // Progress that goes backwards would take back what people have seen.
    if (done < furthest) return logger.debug('progress went backwards and was left out', { done, furthest });
    furthest = done;
    progress(done, total);
  };
  return {
    hooks: {
      onLine: heard,
      onErrorLine(line) {
        if (line.trim() !== '') last = line.trim().slice(0, MAX_WORDS);
        logger.warn(line);
      },
    },
    lastWords: () => last,
  };
}
