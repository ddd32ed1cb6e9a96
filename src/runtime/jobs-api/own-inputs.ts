import {
  MODELS_BUCKET,
  RESULTS_BUCKET,
  requireVariable,
  UPLOADS_BUCKET,
  type Variables,
  WORK_BUCKET,
} from '../environment.ts';
import type { InputRule } from './requests.ts';

/** The buckets of the platform. */
export interface PlatformBuckets {
  uploads: string;
  /** Those that hold what jobs left. */
  inner: string[];
}

/** The team of objects that arrived without a request: see `acceptUpload`. */
const INCOMING_TEAM = 'default';

/**
 * Why a team may not name an input on AWS. Tasks can read every upload and artifact; what one team sent or got must not
 * become another one's input.
 */
export function refuseForeignInput({ uploads, inner }: PlatformBuckets) {
  return (uri: string, team: string): string | undefined => {
    const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
    if (bucket === undefined) return `${uri} is not s3://bucket/key`;
    if (inner.includes(bucket)) return `${uri} lies in a bucket that is not for inputs`;
    if (bucket !== uploads) return undefined;
    const isOwn = key.startsWith(`uploads/${team}/`) || (team === INCOMING_TEAM && key.startsWith('incoming/'));
    return isOwn ? undefined : `${uri} is no upload of the team ${team}`;
  };
}

/** What teams may name on AWS, by the buckets of the environment. */
export function inputRules(variables: Variables): { refuseInput: InputRule; refusePrefix: InputRule } {
  const refuseInput = refuseForeignInput({
    uploads: requireVariable(variables, UPLOADS_BUCKET),
    inner: [WORK_BUCKET, RESULTS_BUCKET, MODELS_BUCKET].map((name) => requireVariable(variables, name)),
  });
  // A prefix is as good as every name that begins with it: none has to leave what the team may name.
  return {
    refuseInput,
    refusePrefix: (prefix, team) => refuseInput(`${prefix}x`, team)?.replace(`${prefix}x`, prefix),
  };
}
