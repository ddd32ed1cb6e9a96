import { z } from 'zod';
import { MANIFEST, sealManifest } from '#core/manifest';
import { defineStep } from '#core/step';
import { validSchema } from './validate-input.ts';

/** Writes one small file and the manifest. */
export default defineStep({
  name: 'WriteReport',
  revision: 1,
  params: z.object({ note: z.string().optional() }),
  needs: { ValidateInput: validSchema },
  output: z.object({ outcome: z.literal('complete') }),
  async run({ params: { note = 'nothing' }, outputOf, artifacts }) {
    const { output } = await outputOf('ValidateInput');
    const { sha256, bytes, mediaType } = await artifacts.putBytes('note.json', JSON.stringify({ note, ...output }), {
      result: 'note.json',
    });
    const manifest = sealManifest({
      manifest: 1,
      workload: 'noop',
      workloadVersion: '1.0.0',
      outcome: 'complete',
      missing: [],
      degraded: [],
      input: [],
      params: {},
      models: [],
      files: { 'note.json': { sha256, bytes, mediaType } },
    });
    await artifacts.putBytes(MANIFEST, manifest, { result: MANIFEST });
    return { outcome: 'complete' as const };
  },
  route: ({ outcome }) => ({ outcome, degraded: [] }),
});
