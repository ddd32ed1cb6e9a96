import type { FramePair } from '../frame-pair.ts';
import { findSceneCuts, type SceneCutRule, type Segment, segmentsBetween } from './scene-cuts.ts';
import { type SegmentFeatures, type SpikeRule, STABLE, segmentFeatures, worstPair } from './segment-features.ts';

export type TemporalRule = SceneCutRule &
  SpikeRule & {
    /** How many frames before and after a spike are compared to tell whether the picture came back. */
    persistenceOffset: number;
  };

/** Cuts, segments and what is reported of them: the segment with the least similar pair. */
export interface TemporalMeasures {
  cuts: number[];
  segments: Segment[];
  features: SegmentFeatures;
  totalSpikeFrames: number;
  worstSegmentSpikeRatio: number;
  /** The worst spike of the reported segment, and the frames around it that tell whether the picture came back. */
  spike?: { pair: number; before: number; after: number };
}

export function measureTemporal(pairs: readonly FramePair[], rule: TemporalRule): TemporalMeasures {
  const cuts = findSceneCuts(
    pairs.map(({ ssim }) => ssim),
    rule,
  );
  const segments = segmentsBetween(pairs.length + 1, cuts, rule.minSegmentFrames);
  const judged = segments.map((segment) => {
    const inside = pairs.slice(segment.first, segment.last);
    return { segment, inside, features: segmentFeatures(inside, rule) };
  });
  const ratios = judged.map(({ features }) => features.spike_isolation_ratio);
  const spikes = judged.flatMap(({ inside }) => inside.filter(({ ssim }) => ssim < rule.spikeThreshold));
  // Of equally unlike ones the first: the order of the clip decides, not that of a sort.
  const worst = judged.reduce<(typeof judged)[number] | undefined>(
    (least, each) => (least === undefined || each.features.ssim_min < least.features.ssim_min ? each : least),
    undefined,
  );
  return {
    cuts,
    segments,
    features: worst?.features ?? STABLE,
    totalSpikeFrames: spikes.length,
    worstSegmentSpikeRatio: Math.max(0, ...ratios),
    ...(worst === undefined ? {} : { spike: aroundWorst(worst.segment, worst.inside, rule.persistenceOffset) }),
  };
}

/** The frames are those of the segment: what lies behind a cut says nothing about a spike. */
function aroundWorst({ first, last }: Segment, inside: readonly FramePair[], offset: number) {
  const pair = first + worstPair(inside.map(({ ssim }) => ssim));
  return { pair, before: Math.max(first, pair - offset), after: Math.min(last, pair + 1 + offset) };
}
