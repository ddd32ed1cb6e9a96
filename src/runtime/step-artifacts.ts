import { type Artifact, mediaTypeOf } from '#core/artifact';
import { digestFile } from '#core/file-digest';
import type { JobInput } from '#core/job';
import type { ArtifactStore, StoredObject } from '#core/ports';
import type { PutOptions, StepArtifacts } from '#core/step';

/** A step's view of the artifact store: it writes below its attempt's prefix, and what it wrote is listed. */
export function collectArtifacts(
  artifacts: ArtifactStore,
  { prefix, folder }: { prefix: string; folder: string },
): { store: StepArtifacts; list(): Artifact[] } {
  const written = new Map<string, Artifact>();
  const keep = (name: string, { mediaType, result }: PutOptions, stored: StoredObject): Artifact => {
    const artifact = {
      name,
      ...stored,
      mediaType: mediaType ?? mediaTypeOf(name),
      ...(result === undefined ? {} : { result }),
    };
    written.set(name, artifact);
    return artifact;
  };
  return {
    store: {
      local: (source) => (isInput(source) ? artifacts.localInput(source, folder) : artifacts.local(source.key, folder)),
      open: (source) => artifacts.openInput(source),
      read: ({ key }) => artifacts.read(key),
      digest: digestFile,
      async putFile(name, path, options = {}) {
        return keep(name, options, await artifacts.putFile(`${prefix}${name}`, path, options));
      },
      async putBytes(name, bytes, options = {}) {
        return keep(name, options, await artifacts.putBytes(`${prefix}${name}`, bytes, options));
      },
    },
    // By name, so that a verdict does not depend on which of several files was ready first.
    list: () => [...written.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}

function isInput(source: Artifact | JobInput): source is JobInput {
  return 'uri' in source;
}
