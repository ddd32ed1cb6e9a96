import { z } from 'zod';
import { MANIFEST, sealManifest } from '#core/manifest';
import { defineStep } from '#core/step';
import { toyStepParams } from '../step-params.ts';
import { countSchema } from './count-letters.ts';
import { splitSchema } from './split-words.ts';

/** Writes counts.json and the manifest. */
export default defineStep({
  name: 'WriteReport',
  revision: 1,
  params: toyStepParams.WriteReport,
  needs: { SplitWords: splitSchema, CountLetters: countSchema },
  output: z.object({ outcome: z.enum(['complete', 'partial']) }),
  async run({ job, params: { partial = false }, outputOf, outputsOf, artifacts }) {
    const split = await outputOf('SplitWords');
    const counts = await outputsOf('CountLetters', split.output.words.length);
    const document = JSON.stringify(counts.map(({ output }) => output));
    const written = await artifacts.putBytes('counts.json', document, { result: 'counts.json' });
    const files = [...split.artifacts, written].map(({ result, sha256, bytes, mediaType }) => [
      result,
      { sha256, bytes, mediaType },
    ]);
    const outcome = partial ? 'partial' : 'complete';
    const manifest = sealManifest({
      manifest: 1,
      workload: 'toy',
      workloadVersion: '1.0.0',
      outcome,
      missing: partial ? ['the last word'] : [],
      degraded: [],
      input: [],
      params: {},
      models: [],
      ...(job.reused.length > 0 ? { reused: [...job.reused] } : {}),
      files: Object.fromEntries(files),
    });
    await artifacts.putBytes(MANIFEST, manifest, { result: MANIFEST });
    return { outcome };
  },
  route: ({ outcome }) => ({ outcome, degraded: [] }),
});
