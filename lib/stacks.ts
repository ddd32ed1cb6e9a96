import { type App, Tags } from 'aws-cdk-lib';
import { ContractError } from '#core/errors';
import type { Workload } from '#core/workload';
import { builtIn } from '#workloads/index';
import { type ImageLock, readImageLock } from './constructs/images.ts';
import { PlatformStack } from './platform-stack.ts';
import { SETTINGS, STAGES, type Stage } from './settings.ts';
import { WorkloadStack } from './workload-stack.ts';

export interface Requested {
  stage: Stage;
  images: ImageLock;
  /** The account that the CDK's command line found credentials for, if it did. */
  account?: string;
  workloads?: Record<string, () => Promise<Workload>>;
}

/** What the command line asked for: `-c stage=dev`, and `-c unpinned=allow` where no image will be pulled. */
export function requestedFrom(app: App): Requested {
  const stage: unknown = app.node.tryGetContext('stage') ?? 'dev';
  if (!STAGES.includes(stage as Stage)) {
    throw new ContractError(
      `There is no stage ${JSON.stringify(stage)}. Say -c stage=${STAGES.join(' or -c stage=')}.`,
    );
  }
  const images = readImageLock({ unpinned: app.node.tryGetContext('unpinned') === 'allow' });
  const account = process.env.CDK_DEFAULT_ACCOUNT;
  return { stage: stage as Stage, images, ...(account ? { account } : {}) };
}

/** The platform of a stage and one stack a workload, which share names and parameters and no exports. */
export async function addStacks(app: App, { stage, images, account, workloads = builtIn }: Requested): Promise<void> {
  const settings = SETTINGS[stage];
  const owner = settings.account ?? account;
  const env = { region: settings.region, ...(owner ? { account: owner } : {}) };
  const definitions = await Promise.all(Object.values(workloads).map((load) => load()));
  requireDistinctPrefixes(definitions.map(({ name }) => name));

  Tags.of(app).add('project', 'stepreel');
  Tags.of(app).add('environment', stage);
  const platform = new PlatformStack(app, `stepreel-${stage}-platform`, { env, stage, settings, images });
  Tags.of(platform).add('team', 'platform');
  for (const workload of definitions) {
    const stack = new WorkloadStack(app, `stepreel-${stage}-${workload.name}`, {
      env,
      stage,
      settings,
      images,
      workload,
    });
    Tags.of(stack).add('workload', workload.name);
    Tags.of(stack).add('team', 'platform');
    stack.addStackDependency(platform);
  }
}

/**
 * Permissions name `<workload>-*`. @throws ContractError where that would let a workload `clip` into the jobs of
 * `clip-qc`.
 */
export function requireDistinctPrefixes(names: readonly string[]): void {
  for (const name of names) {
    const longer = names.find((other) => other.startsWith(`${name}-`));
    if (longer === undefined) continue;
    throw new ContractError(
      `The workloads ${name} and ${longer} can't be told apart: permissions of ${name} are for all that begins with "${name}-". Rename one.`,
    );
  }
}
