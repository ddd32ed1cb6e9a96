import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelStore } from '#adapters/local/model-store';
import { chaosFrom } from '#runtime/chaos/switches';
import { startDev } from '#runtime/dev';
import { builtIn } from '#workloads/index';
import { statusPage } from '../../cli/status-page.ts';
import { noopMachine } from './machine.ts';

/**
 * What `stepreel dev` serves, with the workload that does nothing beside the built-in ones:
 *   node bench/noop/server.ts FOLDER
 * The address goes to stdout. SIGTERM ends it.
 */
const folder = process.argv[2]!;
const stateMachines = join(folder, 'statemachines');
await mkdir(stateMachines, { recursive: true });
await cp(join(import.meta.dirname, '../../statemachines'), stateMachines, { recursive: true });
await writeFile(join(stateMachines, 'noop.asl.json'), JSON.stringify(noopMachine()));

const { url, close } = await startDev({
  port: 0,
  stateFolder: join(folder, 'state'),
  inputRoots: [folder],
  version: '0.0.0',
  workloads: { ...builtIn, noop: async () => (await import('./workload.ts')).default },
  stateMachines,
  models: openModelStore(),
  page: statusPage(),
  chaos: chaosFrom(),
  versions: async () => ({ node: process.versions.node }),
  onFault: (thrown) => process.stderr.write(`${(thrown as Error).stack ?? thrown}\n`),
});
process.stdout.write(`${url}\n`);
process.once('SIGTERM', () => void close());
