import { WORKLOAD_REF } from '#core/container-contract';
import { ContractError, toErrorDocument } from '#core/errors';
import type { Workload } from '#core/workload';
import { runContainer } from '../container.ts';
import { CONTAINER_NAME, IMAGE, WORKLOAD_FOLDER } from '../environment.ts';
import { jsonLogger } from '../json-log.ts';
import { loadOutside } from '../outside/outside-workload.ts';

/** Has the task program read its definition, say what it would run, and end. */
const CHECK = '--check';

/**
 * `stepreel-task`: runs the step that the environment names, of the workload whose definition lies where it is started, as
 * any task runs. A command that follows takes the place of the definition's.
 */
export async function runWrappedTask(given: readonly string[]): Promise<never> {
  const isCheck = given[0] === CHECK;
  const command = isCheck ? given.slice(1) : given;
  try {
    const folder = process.env[WORKLOAD_FOLDER] ?? process.cwd();
    const { [IMAGE]: image, [CONTAINER_NAME]: name = '' } = process.env;
    const workload = await loadOutside(folder, {
      ...(command.length > 0 ? { command } : {}),
      ...(image === undefined ? {} : { container: { image, name } }),
    });
    requireRegistered(workload);
    if (!isCheck) return await runContainer({ [workload.name]: async () => workload });
    process.stdout.write(`${workload.name}@${workload.version}: ${Object.keys(workload.steps).join(', ')}\n`);
    process.exit(0);
  } catch (thrown) {
    const { name, message } = toErrorDocument(thrown);
    jsonLogger({ phase: 'task' }, (line) => process.stderr.write(line)).error(message, { error: name });
    process.exit(1);
  }
}

/** @throws ContractError when the image holds another workload than the one that was registered with it. */
function requireRegistered({ name, version }: Workload): void {
  const expected = process.env[WORKLOAD_REF];
  if (expected === undefined || expected === `${name}@${version}`) return;
  throw new ContractError(
    `The image holds ${name}@${version}, and it was registered for ${expected}. Register the image of that version.`,
  );
}
