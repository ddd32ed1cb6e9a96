import { join } from 'node:path';
import { InputError } from '#core/errors';
import { defineStep } from '#core/step';
import { dropDescriptors, matchFacts } from '#photogrammetry/database';
import type { Pairing } from '#photogrammetry/engine';
import { openEngine } from '#photogrammetry/open-engine';
import { featuresSchema, matchedSchema, selectedSchema, stepParams, validatedSchema } from '../contract.ts';
import { bytesOf, putDatabase, takeDatabase } from '../database-file.ts';
import { watchEngine } from '../engine-log.ts';
import { type PairingKind, pairingFor, TREE_NEIGHBOURS } from '../pairing.ts';
import { PRESETS } from '../presets.ts';

/** Compares pairs of frames, and leaves the database without what only matching needs. */
export default defineStep({
  name: 'MatchFeatures',
  revision: 1,
  params: stepParams.MatchFeatures,
  needs: { ValidateInput: validatedSchema, SelectFrames: selectedSchema, ExtractFeatures: featuresSchema },
  output: matchedSchema,
  async run({ job, params, outputOf, artifacts, logger, progress, signal, scratch }) {
    const { output: selected } = await outputOf('SelectFrames');
    const { output: validated } = await outputOf('ValidateInput');
    const { artifacts: files } = await outputOf('ExtractFeatures');
    const engine = await openEngine();
    const database = join(scratch, 'database.db');
    await takeDatabase(files, database, artifacts);

    const { overlap, maxFeatures } = PRESETS[params.preset];
    const kind = pairingFor(params.matching, { ...selected, hasTree: validated.tree !== undefined });
    const pairing = await pairingOf(kind);
    await engine.matchFeatures(
      { database, pairing, maxMatches: maxFeatures, threads: params.threads, gpu: false },
      watchEngine({ logger, signal, progress }, selected.frames.length),
    );
    const before = await bytesOf(database);
    const facts = matchFacts(database);
    dropDescriptors(database);
    return { pairing: kind, facts, bytes: { database: before, ...(await putDatabase(database, artifacts)) } };

    async function pairingOf(wanted: PairingKind): Promise<Pairing> {
      if (wanted === 'sequential') return { kind: wanted, overlap };
      if (wanted === 'exhaustive') return { kind: wanted };
      const input = job.input.find(({ name }) => name === validated.tree);
      if (!input) throw new InputError('Matching by vocabulary tree needs the tree beside the pictures.');
      return { kind: wanted, tree: await artifacts.local(input), neighbours: TREE_NEIGHBOURS };
    }
  },
});
