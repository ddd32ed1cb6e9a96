/**
 * The sentence in a cause. Lambda and ECS put JSON there, `{errorType, errorMessage}` and the description of the task.
 */
export function describeCause(cause: string): string {
  try {
    const parsed = JSON.parse(cause) as {
      errorMessage?: string;
      StoppedReason?: string;
      Containers?: { ExitCode?: number; Reason?: string }[];
    };
    const container = parsed.Containers?.[0];
    const exit = container?.ExitCode === undefined ? 'without an exit code' : `with exit code ${container.ExitCode}`;
    const task =
      container && `The task ended ${exit} and left no verdict${container.Reason ? ` (${container.Reason})` : ''}.`;
    return parsed.errorMessage ?? task ?? cause;
  } catch {
    return cause;
  }
}
