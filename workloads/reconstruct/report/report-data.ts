import type { z } from 'zod';
import type {
  Checked,
  Cloud,
  Estimated,
  featuresSchema,
  Matched,
  Meshed,
  ReconstructParams,
  Selected,
} from '../contract.ts';
import type { SceneData } from './scene-data.ts';

/** All that the report tells. */
export interface ReportData {
  title: string;
  selected: Selected;
  features: z.infer<typeof featuresSchema>;
  matched: Matched;
  estimated: Estimated;
  checked: Checked;
  cloud: Cloud;
  meshed: Meshed;
  params: ReconstructParams;
  missing: readonly string[];
  degraded: readonly { step: string; reason: string }[];
  scene: SceneData;
  /** Small pictures of some chosen frames. */
  thumbnails: { file: string; jpeg: Uint8Array; placed: boolean }[];
}

/** What the intermediate files would take as they are, and what they take. */
export function intermediates({ features, matched }: Pick<ReportData, 'features' | 'matched'>) {
  const before = features.bytes.database + matched.bytes.database;
  const after = features.bytes.stored + matched.bytes.stored;
  return {
    before,
    after,
    savedShare: 1 - after / before,
    keptAfterMatching: 1 - matched.bytes.stored / matched.bytes.database,
  };
}
