import type { ResultFile } from '../api-types.ts';

/** One way to look at a part of a result. */
export type Viewer =
  | { kind: 'pictures'; pictures: ResultFile[]; coco?: ResultFile }
  | { kind: 'video'; video: ResultFile; coco?: ResultFile }
  | { kind: 'evidence'; verdict: ResultFile; pictures: ResultFile[] }
  | { kind: 'speech'; phrases: ResultFile }
  | { kind: 'scene'; scene: ResultFile }
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
  const scene = named(/mesh.*\.ply$/i) ?? named(/\.ply$/i);
  const report = named(/(^|\/)report\.html$/);
  const [video] = ofType('video');

  const viewers: (Viewer | undefined)[] = [
    verdict && { kind: 'evidence', verdict, pictures },
    phrases && { kind: 'speech', phrases },
    scene && { kind: 'scene', scene },
    video && { kind: 'video', video, ...withCoco },
    // The verdict shows its own pictures, and a video has only its poster beside it.
    !verdict && !video && pictures.length > 0 ? { kind: 'pictures', pictures, ...withCoco } : undefined,
    report && { kind: 'report', report },
  ];
  return viewers.filter((viewer) => viewer !== undefined);
}
