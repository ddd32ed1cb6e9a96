import { join, resolve } from 'node:path';
import type { Command } from 'commander';

/** `stepreel workloads [name]` */
export function addWorkloads(program: Command): void {
  program
    .command('workloads')
    .description('what can be run; with a name, its parameters')
    .argument('[name]', 'a workload, or name@version')
    .option('--state <dir>', 'the state folder that workloads of your own are registered in', '.stepreel')
    .addHelpText(
      'after',
      '\nExamples:\n  stepreel workloads\n  stepreel workloads dataset\n  stepreel workloads dataset --json   the JSON Schema of its parameters',
    )
    .action(async (name: string | undefined, { state }: { state: string }) => {
      const [{ openRegistry }, { builtIn }, { registeredFolders }] = await Promise.all([
        import('#jobs/registry'),
        import('#workloads/index'),
        import('#runtime/outside/folder-store'),
      ]);
      const registry = openRegistry(builtIn, registeredFolders(join(resolve(state), 'workloads')));
      const workloads = name === undefined ? await registry.list() : [await registry.get(name)];
      const { describeParams, paramsJsonSchema } = await import('../describe-params.ts');
      if (program.opts().json === true) {
        for (const { name, version, title, description, input, steps, params } of workloads) {
          const document = {
            name,
            version,
            title,
            description,
            input,
            steps: Object.keys(steps),
            params: paramsJsonSchema(params),
          };
          process.stdout.write(`${JSON.stringify(document)}\n`);
        }
        return;
      }
      for (const workload of workloads) {
        process.stdout.write(`${workload.name} ${workload.version}: ${workload.title}\n  ${workload.description}\n`);
        process.stdout.write(`  ${Object.keys(workload.steps).join(' → ')}\n`);
        if (name !== undefined) process.stdout.write(`\n${describeParams(workload.params)}`);
      }
    });
}
