import { join } from 'node:path';
import type { JobInput } from '#core/job';
import { safeName } from '#core/safe-name';
import { defineStep, type StepArtifacts } from '#core/step';
import type { Size } from '#media/images';
import {
  MASK_FILE,
  SELECTION_FILE,
  type Selected,
  selectedSchema,
  stepParams,
  type Validated,
  validatedSchema,
} from '../contract.ts';
import { type Candidate, type Choice, chooseFrames } from '../selection/choose-frames.ts';
import { keepChosen } from '../selection/keep-chosen.ts';
import { lookAtPictures } from '../selection/look-at-pictures.ts';
import { lookAtVideo } from '../selection/look-at-video.ts';
import { fitMask } from '../selection/mask-pixels.ts';
import { refuseHopeless } from '../selection/refuse-capture.ts';
import { uprightCopy } from '../selection/upright-copy.ts';
import { maskOf, sortInput } from '../sort-input.ts';

/** Chooses sharp frames that are spread over the camera's way, and refuses a capture that nothing can be made of. */
export default defineStep({
  name: 'SelectFrames',
  revision: 2,
  params: stepParams.SelectFrames,
  needs: { ValidateInput: validatedSchema },
  output: selectedSchema,
  async run({ job, params, outputOf, artifacts, logger, progress, signal, scratch }) {
    const { output: validated } = await outputOf('ValidateInput');
    const { media: inputs, masks } = sortInput(job.input);
    const context = { inputs, masks, params, artifacts, progress, signal, folder: join(scratch, 'frames') };
    const selected = validated.kind === 'video' ? await fromVideo(validated, context) : await fromPictures(context);
    logger.info('frames chosen', { frames: selected.frames.length, candidates: selected.candidates });
    return selected;
  },
});

interface Context {
  inputs: JobInput[];
  masks: JobInput[];
  params: { maxFrames: number; candidatesPerSecond: number; blurThreshold: number; stepWidths: number };
  artifacts: StepArtifacts;
  progress(done: number, total: number): void;
  signal: AbortSignal;
  folder: string;
}

async function fromVideo({ media }: Extract<Validated, { kind: 'video' }>, context: Context): Promise<Selected> {
  const { inputs, params, artifacts, progress, signal, folder } = context;
  const { name } = inputs[0]!;
  const path = await artifacts.local(inputs[0]!);
  const mask = maskOf(name, context.masks);
  const maskFor = mask && (async (size: Size) => (await fitMask(mask, size, artifacts)).pixels);
  const { candidates, ...looked } = await lookAtVideo({
    ...{ path, name, media, signal, folder, maskFor, candidatesPerSecond: params.candidatesPerSecond },
    onProgress: (seconds, total) => progress(Math.floor(seconds), Math.ceil(total ?? seconds) + 1),
  });
  const choice = chooseFrames(candidates, params);
  refuseHopeless(name, candidates, choice, { ...params, ordered: true });
  const files = await keepChosen(candidates, choice, folder);
  await keep(files, folder, artifacts);
  await putSelection(candidates, choice, artifacts);
  const frames = choice.chosen.map((at, number) => {
    const { index, seconds, sharpness } = candidates[at]!;
    return { file: files[number]!, source: index, seconds, sharpness };
  });
  if (mask) await artifacts.putBytes(MASK_FILE, (await fitMask(mask, looked, artifacts)).png);
  const masks = mask ? { masks: 'one' as const } : {};
  const facts = { ...looked, kind: 'video' as const, mixedSizes: false, unreadable: [], frames, ...masks };
  return { ...facts, ...(await summary(context, candidates, choice)) };
}

async function fromPictures(context: Context): Promise<Selected> {
  const { inputs, params, artifacts, progress, folder } = context;
  const pictures = [];
  for (const input of inputs) {
    const mask = maskOf(input.name, context.masks);
    const maskFor = mask && (async (size: Size) => (await fitMask(mask, size, artifacts)).pixels);
    pictures.push({ name: input.name, path: await artifacts.local(input), maskFor });
  }
  const { candidates, unreadable } = await lookAtPictures(pictures, progress);
  const choice = chooseFrames(candidates, { ...params, stepWidths: 0 });
  refuseHopeless('The set of pictures', candidates, choice, { ...params, ordered: false });
  const frames = [];
  for (const [number, at] of choice.chosen.entries()) {
    const { name, path, sharpness, exif, ...size } = candidates[at]!;
    // Numbered, since two pictures of different folders may have the same name.
    const file = await uprightCopy(path, folder, `${String(number).padStart(4, '0')}_${safeName(name)}`);
    frames.push({ file, source: name, sharpness, ...exif });
    const mask = maskOf(name, context.masks);
    if (mask) await artifacts.putBytes(`masks/${file}.png`, (await fitMask(mask, size, artifacts)).png);
  }
  await keep(
    frames.map(({ file }) => file),
    folder,
    artifacts,
  );
  await putSelection(candidates, choice, artifacts);
  const { width, height } = candidates[choice.chosen[0]!]!;
  const mixedSizes = choice.chosen.some((at) => candidates[at]!.width !== width || candidates[at]!.height !== height);
  const masks = context.masks.length > 0 ? { masks: 'each' as const } : {};
  const facts = { kind: 'pictures' as const, width, height, mixedSizes, damaged: 0, unreadable, frames, ...masks };
  return { ...facts, ...(await summary(context, candidates, choice)) };
}

async function keep(files: string[], folder: string, artifacts: StepArtifacts): Promise<void> {
  for (const file of files) {
    await artifacts.putFile(`frames/${file}`, join(folder, file), { result: `frames/${file}` });
  }
}

/** Kept and refused candidates, each with what was measured of it: for the report, and for whoever wonders. */
async function putSelection(
  candidates: readonly (Candidate & { index?: number; seconds?: number; name?: string })[],
  { chosen, reasons }: Choice,
  artifacts: StepArtifacts,
): Promise<void> {
  const kept = new Set(chosen);
  const lines = candidates.map(({ index, name, seconds, sharpness, corners, motion }, at) => ({
    source: index ?? name,
    ...(seconds === undefined ? {} : { seconds }),
    verdict: kept.has(at) ? 'kept' : (reasons.get(at) ?? 'not needed'),
    sharpness: Number(sharpness.toFixed(2)),
    corners,
    ...(motion === undefined ? {} : { motion: Number(motion.toFixed(5)) }),
  }));
  await artifacts.putBytes(SELECTION_FILE, `[\n${lines.map((line) => JSON.stringify(line)).join(',\n')}\n]\n`, {
    result: SELECTION_FILE,
  });
}

async function summary({ inputs, artifacts }: Context, candidates: readonly Candidate[], choice: Choice) {
  const refused: Record<string, number> = {};
  for (const reason of choice.reasons.values()) refused[reason] = (refused[reason] ?? 0) + 1;
  const input = [];
  for (const one of inputs) input.push({ name: one.name, ...(await artifacts.digest(await artifacts.local(one))) });
  return { input, candidates: candidates.length, wayWidths: Number(choice.wayWidths.toFixed(4)), refused };
}
