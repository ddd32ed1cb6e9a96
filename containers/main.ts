import { runContainer } from '#runtime/container';
import { builtIn } from '#workloads/index';

await runContainer(builtIn);
