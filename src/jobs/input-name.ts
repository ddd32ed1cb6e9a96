import type { JobInput } from '#core/job';

/** An input by where it lies; its name is the last part: `s3://bucket/uploads/a/site.mp4?versionId=1` → `site.mp4`. */
export function inputNamed(uri: string): JobInput {
  const path = uri.replace(/\?versionId=[^?/]*$/, '');
  return { name: path.slice(path.lastIndexOf('/') + 1), uri };
}
