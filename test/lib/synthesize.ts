import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readImageLock } from '../../lib/constructs/images.ts';
import type { Stage } from '../../lib/settings.ts';
import { addStacks, type Requested } from '../../lib/stacks.ts';
import { testFolder } from '../helpers/folder.ts';

const root = join(import.meta.dirname, '../..');

export interface Synthesized {
  app: App;
  platform: Template;
  /** By workload. */
  workloads: Record<string, Template>;
  /** For which the command line refuses to deploy. */
  errors: string[];
}

/** The stacks of a stage as `cdk synth -c unpinned=allow` makes them, with no credentials at hand. */
export async function synthesize(stage: Stage, options: Partial<Requested> = {}): Promise<Synthesized> {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  const app = new App({ context, outdir: await testFolder(), analyticsReporting: false });
  await addStacks(app, { stage, images: readImageLock({ unpinned: true }), ...options });
  const { stacks } = app.synth();
  const templates = stacks.map(({ stackName, template }) => [stackName, Template.fromJSON(template)] as const);
  const prefix = `stepreel-${stage}-`;
  const byName = Object.fromEntries(templates.map(([name, template]) => [name.slice(prefix.length), template]));
  const { platform, ...workloads } = byName;
  const messages = stacks.flatMap((stack) => stack.messages.filter(({ level }) => level === 'error'));
  return { app, platform: platform!, workloads, errors: messages.map(({ entry }) => String(entry.data)) };
}

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many shapes, and what is expected of it is tested.
export type Properties = Record<string, any>;

/** The properties of all resources of a type, by logical id. */
export function ofType(template: Template, type: string): [string, Properties][] {
  return Object.entries(template.findResources(type)).map(([id, { Properties = {} }]) => [id, Properties]);
}
