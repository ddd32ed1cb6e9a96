import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { defineStep } from '#core/step';
import { PHRASES_FILE, preparedSchema, scoredSchema, shardsSchema, stepParams } from '../contract.ts';
import { openModel } from '../scoring/open-model.ts';
import { phraseSounds } from '../scoring/phrase-sounds.ts';
import { scoreSounds } from '../scoring/score-sounds.ts';

/** Hears one shard of the phrases, decodes what was said and holds it against what was asked for. */
export default defineStep({
  name: 'ScorePhrases',
  revision: 2,
  params: stepParams.ScorePhrases,
  needs: { PrepareAudio: preparedSchema, PlanShards: shardsSchema },
  output: scoredSchema,
  async run({
    params,
    device,
    plannedDevice,
    shard = 0,
    outputOf,
    artifacts,
    models,
    progress,
    measure,
    logger,
    signal,
    scratch,
  }) {
    const [{ artifacts: files }, { output: plan }, model] = await Promise.all([
      outputOf('PrepareAudio'),
      outputOf('PlanShards'),
      models.fetch(params.model),
    ]);
    const { first, count } = plan.shards[shard]!;
    const acoustic = await openModel({ files: model, endpoint: params.endpoint, device, logger });
    const counts = { phrases: 0, failed: 0 };
    const engines: Record<string, number> = {};
    try {
      const sounds = phraseSounds({ files, artifacts, contextSeconds: params.contextSeconds, first, count });
      const path = join(scratch, PHRASES_FILE);
      const lines = async function* () {
        for await (const phrase of scoreSounds(sounds, { model: acoustic, rule: params, signal, measure })) {
          counts.phrases += 1;
          const place = { activityId: phrase.activity, phraseIndex: phrase.index };
          if (phrase.failure === undefined) logger.debug('phrase scored', { ...place, letters: phrase.letters.length });
          else {
            counts.failed += 1;
            logger.warn('phrase not scored', { ...place, reason: phrase.failure });
          }
          if (phrase.engine !== undefined) engines[phrase.engine] = (engines[phrase.engine] ?? 0) + 1;
          progress(counts.phrases, count);
          yield `${JSON.stringify(phrase)}\n`;
        }
      };
      await pipeline(lines, createWriteStream(path));
      await artifacts.putFile(PHRASES_FILE, path);
    } finally {
      await acoustic.close();
    }
    logger.info('phrases scored', { phase: 'inference', ...counts, engines });
    const { name, version, sha256 } = model;
    return { ...counts, device, plannedDevice, model: { name, version, sha256 }, engines };
  },
});
