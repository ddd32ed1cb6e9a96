import { join } from 'node:path';
import { WORKLOAD_REF } from '#core/container-contract';
import { WORKLOAD_FOLDER } from '#runtime/environment';

/**
 * Stands in for a container runtime on an emulator that has none: starts what the image of a task would start. The images
 * of other teams are folders, `name@version`, in the folder that STEPREEL_EMULATOR_IMAGES names.
 */
const { [WORKLOAD_REF]: ref, STEPREEL_EMULATOR_IMAGES: images = '' } = process.env;
if (ref === undefined) {
  await import('../../../containers/main.ts');
} else {
  process.env[WORKLOAD_FOLDER] = join(images, ref);
  await import('../../../containers/stepreel-task.ts');
}
