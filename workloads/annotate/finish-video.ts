import { join } from 'node:path';
import type { StepArtifacts } from '#core/step';
import { containerFor, type MuxRequest, muxVideo } from '#media/render/mux-video';
import { writePoster } from '#media/render/poster';
import { type Extracted, POSTER_FILE } from './contract.ts';

interface FinishRequest {
  segments: MuxRequest['segments'];
  extracted: Extracted;
  source: MuxRequest['source'];
  /** Second of the frame that is shown as the video's picture. */
  poster: number;
  artifacts: StepArtifacts;
  scratch: string;
  signal: AbortSignal;
}

/** Joins the segments with the source's sound and leaves the video and its picture as results. @returns its name. */
export async function finishVideo(request: FinishRequest): Promise<string> {
  const { segments, extracted, source, poster, artifacts, scratch, signal } = request;
  const file = `annotated.${containerFor(source.media)}`;
  await muxVideo({
    segments,
    frames: extracted.frames,
    first: stamp(extracted.firstTicks),
    last: stamp(extracted.lastTicks),
    lastDurationTicks: extracted.lastDurationTicks,
    ...{ facts: extracted.facts, source, folder: scratch, file, signal },
  });
  const path = join(scratch, file);
  await writePoster({ path, seconds: poster, folder: scratch, file: POSTER_FILE, signal });
  await artifacts.putFile(file, path, { result: file });
  await artifacts.putFile(POSTER_FILE, join(scratch, POSTER_FILE), { result: POSTER_FILE });
  return file;
}

function stamp(ticks: number) {
  return { ticks, key: true };
}
