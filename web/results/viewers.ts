import type { ResultFile } from '../api-types.ts';

/** One way to look at a part of a result. */
export type Viewer =
  | { kind: 'pictures'; pictures: ResultFile[]; coco?: ResultFile }
  | { kind: 'video'; video: ResultFile; coco?: ResultFile }
  | { kind: 'evidence'; verdict: ResultFile; pictures: ResultFile[] }
  | { kind: 'speech'; phrases: ResultFile; waveforms?: ResultFile }
  | { kind: 'scene'; models: ResultFile[]; cameras?: ResultFile }
  | { kind: 'report'; report: ResultFile };

/** How the files of a result are shown, by what they are; what none of these shows is in the list of files. */
export function viewersFor(workload: string, files: ResultFile[]): Viewer[] {
  const ofType = (type: string) => files.filter(({ mediaType }) => mediaType.startsWith(`${type}/`));
  const named = (pattern: RegExp) => files.find(({ path }) => pattern.test(path));
  const pictures = ofType('image');
  const coco = named(/\.coco\.json$/);
  const withCoco = coco ? { coco } : {};
  const verdict = workload === 'clip-qc' ? named(/^result\.json$/) : undefined;
  const phrases = workload === 'letter-asr' ? named(/^phrases\.jsonl$/) : undefined;
  const waveforms = named(/^waveforms\.jsonl$/);
  // A mesh says more than the points that it was made of.
  const models = files.filter(({ path }) => /\.ply$/i.test(path)).sort((a, b) => Number(isMesh(b)) - Number(isMesh(a)));
  const cameras = named(/^cameras\.json$/);
  const report = named(/(^|\/)report\.html$/);
  const [video] = ofType('video');

  const viewers: (Viewer | undefined)[] = [
    verdict && { kind: 'evidence', verdict, pictures },
    phrases && { kind: 'speech', phrases, ...(waveforms ? { waveforms } : {}) },
    models.length > 0 ? { kind: 'scene', models, ...(cameras ? { cameras } : {}) } : undefined,
    video && { kind: 'video', video, ...withCoco },
    // The verdict shows its own pictures, and a video has only its poster beside it.
    !verdict && !video && pictures.length > 0 ? { kind: 'pictures', pictures, ...withCoco } : undefined,
    report && { kind: 'report', report },
  ];
  return viewers.filter((viewer) => viewer !== undefined);
}

function isMesh({ path }: ResultFile): boolean {
  return /mesh/i.test(path);
}
