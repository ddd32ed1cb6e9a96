import { InputError } from '#core/errors';
import { requireKnownEnding } from '#core/input-ending';
import { defineStep } from '#core/step';
import { probeVideo } from '#media/probe-video';
import { PICTURE_ENDINGS, stepParams, VIDEO_ENDINGS, validatedSchema } from '../contract.ts';
import { TREE_ENDING } from '../defaults.ts';
import { requireMasksOfMedia, sortInput } from '../sort-input.ts';

/** Checks what was submitted by names, heads and indexes alone: a video, or pictures, perhaps with masks and a vocabulary tree. */
export default defineStep({
  name: 'ValidateInput',
  revision: 2,
  params: stepParams.ValidateInput,
  needs: {},
  output: validatedSchema,
  async run({ job, params, artifacts }) {
    const sorted = sortInput(job.input);
    const { media, trees } = sorted;
    for (const { name } of media) {
      requireKnownEnding(name, [...VIDEO_ENDINGS, ...PICTURE_ENDINGS], 'Send one video, or JPEG or PNG pictures.');
    }
    requireMasksOfMedia(sorted);
    const [tree, ...more] = trees.map(({ name }) => name);
    if (more.length > 0) throw new InputError(`One vocabulary tree is enough, found ${trees.length}.`);
    if (params.matching === 'vocabularyTree' && tree === undefined) {
      throw new InputError(
        `Matching by vocabulary tree needs the tree: send its file (${TREE_ENDING}) beside the pictures.`,
      );
    }
    const withTree = tree === undefined ? {} : { tree };
    const videos = media.filter(({ name }) => hasEnding(name, VIDEO_ENDINGS));
    if (videos.length === 0 && media.length > 0) return { kind: 'pictures' as const, count: media.length, ...withTree };
    if (videos.length === 1 && media.length === 1) {
      return { kind: 'video' as const, media: await probeVideo(videos[0]!, artifacts), ...withTree };
    }
    throw new InputError(
      `A reconstruction takes one video or pictures, found ${videos.length} videos and ${media.length - videos.length} pictures. Submit them as jobs of their own.`,
    );
  },
  route: (output) => ({
    frames: output.kind === 'pictures' ? output.count : (output.media.video[0]?.frameCount ?? null),
  }),
});

function hasEnding(name: string, endings: readonly string[]): boolean {
  return endings.some((ending) => name.toLowerCase().endsWith(ending));
}
