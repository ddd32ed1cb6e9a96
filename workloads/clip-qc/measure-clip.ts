import type { TextReader } from '#inference/text/text-reader';
import type { ClipQcParams } from './contract.ts';
import type { Features } from './features/feature-set.ts';
import { type FramePair, type MeasuredFrame, measurePair } from './features/frame-pair.ts';
import { persistenceOf } from './features/temporal/persistence.ts';
import { measureTemporal, type TemporalMeasures } from './features/temporal/temporal-features.ts';
import { matchRegions } from './features/text/match-regions.ts';
import { changeOf, type TextChange } from './features/text/text-change.ts';
import { textFeatures } from './features/text/text-features.ts';
import type { FrameFile } from './frame-file.ts';
import { createFrameReader, type FrameTexts } from './regions/read-frames.ts';

/** Everything that was measured of a clip. */
export interface ClipMeasures {
  /** Pair i is that of the sampled frames i and i + 1. */
  pairs: FramePair[];
  texts: FrameTexts;
  changes: TextChange[];
  temporal: TemporalMeasures;
  features: Features;
}

export interface MeasureHooks {
  signal?: AbortSignal;
  progress?: (done: number, total: number) => void;
}

/**
 * Measures a clip: each frame against the next one, the text in it, and what that says about the whole. Frames are read
 * one at a time, so memory does not grow with their number.
 */
export async function measureClip(
  frames: FrameFile,
  reader: TextReader,
  params: ClipQcParams,
  { signal, progress }: MeasureHooks = {},
): Promise<ClipMeasures> {
  const reading = createFrameReader(reader, params, signal);
  const pairs: FramePair[] = [];
  let before: MeasuredFrame | undefined;
  for (let at = 0; at < frames.count; at += 1) {
    signal?.throwIfAborted();
    const frame = await frames.read(at);
    const pair = before && measurePair(before, frame, { ...params, spikeThreshold: params.spikeSsim });
    if (pair) pairs.push(pair);
    reading.show(frame, pair && Math.min(pair.ssim, pair.worstPatchSsim));
    before = frame;
    progress?.(at + 1, frames.count);
  }
  const texts = await reading.finish();
  const changes = await textChanges(frames, texts, pairs, params.regionOverlap);
  const temporal = measureTemporal(pairs, temporalRule(params));
  return { pairs, texts, changes, temporal, features: await featuresOf({ frames, texts, changes, temporal, params }) };
}

function temporalRule(params: ClipQcParams) {
  return {
    ssimBelow: params.cutSsim,
    confirmingPairs: params.cutConfirmingPairs,
    confirmedAbove: params.cutConfirmedSsim,
    minSegmentFrames: params.minSegmentFrames,
    spikeThreshold: params.spikeSsim,
    postSpikePairs: params.postSpikePairs,
    persistenceOffset: params.persistenceOffset,
  };
}

/** Follows each piece of text from frame to frame. Only frames with text are looked at again. */
async function textChanges(
  frames: FrameFile,
  { frames: texts }: FrameTexts,
  pairs: readonly FramePair[],
  regionOverlap: number,
): Promise<TextChange[]> {
  const changes: TextChange[] = [];
  let kept: { at: number; frame: MeasuredFrame } | undefined;
  for (const [pair, { ssim }] of pairs.entries()) {
    const matched = matchRegions(texts[pair]!.regions, texts[pair + 1]!.regions, regionOverlap);
    if (matched.length === 0) continue;
    const first = kept?.at === pair ? kept.frame : await frames.read(pair);
    const second = await frames.read(pair + 1);
    changes.push(...matched.map((regions) => changeOf(regions, [first, second], { pair, globalSsim: ssim })));
    kept = { at: pair + 1, frame: second };
  }
  return changes;
}

async function featuresOf({
  frames,
  texts,
  changes,
  temporal,
  params,
}: Pick<ClipMeasures, 'texts' | 'changes' | 'temporal'> & {
  frames: FrameFile;
  params: ClipQcParams;
}): Promise<Features> {
  const { spike } = temporal;
  const persistence = spike
    ? persistenceOf(await frames.read(spike.before), await frames.read(spike.after))
    : { histogram_shift_persistence: 0, content_change_persistence: 0 };
  return {
    ...textFeatures(
      texts.frames.map(({ regions }) => regions),
      changes,
      params.confidenceWindow,
    ),
    ...temporal.features,
    ...persistence,
    num_scene_cuts: temporal.cuts.length,
    total_spike_frames: temporal.totalSpikeFrames,
    worst_segment_spike_ratio: temporal.worstSegmentSpikeRatio,
  };
}
