import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CDK = join(ROOT, 'node_modules/.bin/cdk');
const STAGE = 'dev';
const CONTEXT = ['-c', `stage=${STAGE}`, '-c', 'unpinned=allow'];

/** What an operator does before anybody can submit: bootstraps the account, deploys the stacks, lets a team in. */
export async function deployPlatform(folder: string, stacks = ['--all']): Promise<{ api: string; apiKey: string }> {
  const outputs = join(folder, 'outputs.json');
  await run(CDK, ['bootstrap', 'aws://000000000000/us-east-1', ...CONTEXT]);
  await run(CDK, ['deploy', ...stacks, '--require-approval', 'never', '--outputs-file', outputs, ...CONTEXT]);
  const made = JSON.parse(await readFile(outputs, 'utf8')) as Record<string, Record<string, string>>;
  const url = Object.values(made)
    .flatMap((stack) => Object.entries(stack))
    .find(([name]) => /^Api.*(Url|Endpoint)/i.test(name))?.[1];
  const [, id, stage] = /\/\/([a-z0-9]+)\.execute-api\.[^/]+\/([^/]+)/.exec(url ?? '') ?? [];
  if (!id) throw new Error(`The deployment tells no URL of the API: ${JSON.stringify(made)}`);
  return {
    // The emulator has no host names of its own.
    api: `${process.env.AWS_ENDPOINT_URL}/restapis/${id}/${stage}/_user_request_`,
    apiKey: await letIn('perception'),
  };
}

/** @returns the team's API key. */
export async function letIn(team: string, ...options: '--operator'[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['scripts/add-team.ts', team, '--stage', STAGE, ...options]);
  return stdout.trim().split('\n').at(-1)!;
}

async function run(program: string, args: string[]) {
  return await promisify(execFile)(program, args, { cwd: ROOT, maxBuffer: 64 * 2 ** 20 }).catch((failed) => {
    throw new Error(`${program} ${args.join(' ')}\n${failed.stdout}\n${failed.stderr}`);
  });
}
