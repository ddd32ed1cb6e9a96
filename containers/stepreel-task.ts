import { runWrappedTask } from '#runtime/wrapped/task';

await runWrappedTask(process.argv.slice(2));
