import { z } from 'zod';

/** How a task ended, as ECS and our own runner describe it. */
export interface StoppedTask {
  exitCode?: number;
  /** What is said of its container. */
  reason?: string;
  stopCode?: string;
  stoppedReason?: string;
}

const descriptionSchema = z.object({
  Containers: z.array(z.object({ ExitCode: z.number().nullish(), Reason: z.string().nullish() })).default([]),
  StopCode: z.string().nullish(),
  StoppedReason: z.string().nullish(),
});

/**
 * The task that a failed `ecs:runTask.sync` describes in its cause: JSON in a text, with fields in capitals (pitfall 15).
 * An exit code may be missing (pitfall 14). @returns undefined for a cause that is something else.
 */
export function stoppedTask(cause: string): StoppedTask | undefined {
  const described = descriptionSchema.safeParse(parsed(cause));
  if (!described.success || described.data.Containers.length === 0) return undefined;
  const { Containers, StopCode, StoppedReason } = described.data;
  const { ExitCode, Reason } = Containers[0]!;
  return {
    ...(ExitCode == null ? {} : { exitCode: ExitCode }),
    ...(Reason == null ? {} : { reason: Reason }),
    ...(StopCode == null ? {} : { stopCode: StopCode }),
    ...(StoppedReason == null ? {} : { stoppedReason: StoppedReason }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
