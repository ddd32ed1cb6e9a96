import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '#adapters/local/artifact-store';
import { openJobStore } from '#adapters/local/job-store';
import { ContractError } from '#core/errors';
import type { ModelSource } from '#core/step';
import type { StepEnvironment } from './step-run.ts';

/** Names of the environment variables that a task or function is started with. */
export const STATE_FOLDER = 'STEPREEL_STATE';
export const SCRATCH_FOLDER = 'STEPREEL_SCRATCH';

type Variables = Record<string, string | undefined>;

/**
 * The stores that the environment variables name: at home a state folder.
 * @throws ContractError when they name none.
 */
export async function openEnvironment(variables: Variables = process.env): Promise<StepEnvironment> {
  const stateFolder = variables[STATE_FOLDER];
  if (!stateFolder) {
    throw new ContractError(
      `Nothing says where jobs and artifacts are kept: expected ${STATE_FOLDER} with the path of a state folder. Set it, or start the step through \`stepreel run\`.`,
    );
  }
  return {
    ...(await openStateFolder(stateFolder)),
    models: lazyModels,
    scratchFolder: variables[SCRATCH_FOLDER] ?? tmpdir(),
  };
}

// A step that uses no model does not pay for the model store.
const lazyModels: ModelSource = {
  async fetch(ref) {
    const { openModelStore } = await import('#adapters/local/model-store');
    return await openModelStore().fetch(ref);
  },
};

/** The local stores in a state folder. Dispose of `jobs` to close its database. */
export async function openStateFolder(folder: string) {
  return {
    artifacts: await openArtifactStore(join(folder, 'artifacts')),
    jobs: openJobStore(join(folder, 'jobs.sqlite')),
  };
}
