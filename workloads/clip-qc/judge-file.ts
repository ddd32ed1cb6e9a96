import { parse } from 'node:path';
import type { ModelFiles } from '#core/step';
import { openTextReader } from '#inference/text/open-text-reader';
import type { TextReader } from '#inference/text/text-reader';
import { openClipClassifier } from './classify.ts';
import type { ClipQcParams } from './contract.ts';
import { judgeClip } from './judge-clip.ts';
import { measureFile } from './measure-file.ts';
import type { Finding } from './result.ts';

/** Judges clips that lie here, one after another: the reader and the model are opened once for all of them. */
export interface ClipJudge {
  engine: TextReader['engine'];
  judge(path: string, signal?: AbortSignal): Promise<Finding>;
  close(): Promise<void>;
}

export async function openClipJudge(model: Pick<ModelFiles, 'folder'>, params: ClipQcParams): Promise<ClipJudge> {
  const classifier = await openClipClassifier(model.folder);
  const reader = await openTextReader(params.textEngine);
  return {
    engine: reader.engine,
    async judge(path, signal) {
      const { sampled, measures } = await measureFile(path, reader, params, signal);
      return judgeClip({ clipId: parse(path).name, sampled, measures, classifier, params });
    },
    async close() {
      await Promise.all([classifier.close(), reader.close()]);
    },
  };
}
