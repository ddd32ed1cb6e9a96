import { join } from 'node:path';
import { StepreelError } from '#core/errors';
import type { JobInput } from '#core/job';
import type { ByteSource, StepArtifacts } from '#core/step';
import { type AudioLevel, openLevelMeter, SILENCE_DB } from '#media/audio-level';
import { openResampler, type Resampler } from '#media/audio-resample';
import { monoBlocks, openMonoWav, probeWav, writeMonoWav } from '#media/wav';
import type { WavFormat } from '#media/wav-header';
import type { ActivityFiles } from '../activities/job-activities.ts';
import type { LetterAsrParams, PreparedActivity, PreparedPhrase } from '../contract.ts';
import { PHRASE_SAMPLES, SAMPLE_RATE_HZ } from '../defaults.ts';
import { type PhrasePlan, planSound } from './plan-sound.ts';
import { askedOf, sliceRecording, withoutSound } from './slice-recording.ts';

interface PrepareRequest {
  source: LetterAsrParams['source'];
  artifacts: Pick<StepArtifacts, 'open' | 'local' | 'digest'>;
  /** Where the activity's sound is written, a folder and a file's name. */
  folder: string;
  audio: string;
  signal: AbortSignal;
}

/**
 * Writes an activity's sound as one mono file at 16 kHz, phrase after phrase, and says where each phrase lies in it. What
 * is wrong with a file fails its phrase, not the activity.
 */
export async function prepareActivity(
  { activity, files }: ActivityFiles,
  request: PrepareRequest,
): Promise<PreparedActivity> {
  const { source, artifacts, folder, audio } = request;
  const plan = await planSound(activity, files, source, (some) => haveSameBytes(some, artifacts));
  const { id, storyId, studentId } = activity;
  const facts = {
    id,
    ...(storyId === undefined ? {} : { storyId }),
    ...(studentId === undefined ? {} : { studentId }),
  };
  const path = join(folder, audio);
  if (plan.kind === 'none') {
    return { ...facts, phrases: activity.phrases.map((phrase) => withoutSound(phrase, plan.failure)) };
  }
  const phrases: PreparedPhrase[] = [];
  const samples =
    plan.kind === 'recording'
      ? await writeMonoWav(path, SAMPLE_RATE_HZ, recordingBlocks(plan.file, plan.phrases, phrases, request))
      : await writeMonoWav(path, SAMPLE_RATE_HZ, phraseBlocks(plan.phrases, phrases, request));
  if (plan.kind === 'recording') await judgeSlices(path, phrases);
  const judged = phrases.map(judged16k);
  return samples === 0 ? { ...facts, phrases: judged } : { ...facts, audio, phrases: judged };
}

/** The phrases' sound one after another; each phrase is noted once its last sample has been given. */
async function* phraseBlocks(plans: PhrasePlan[], notes: PreparedPhrase[], request: PrepareRequest) {
  let first = 0;
  for (const { phrase: asked, pieces, gaps, warnings, failure } of plans) {
    const meter = openLevelMeter();
    const phrase: PreparedPhrase = {
      ...askedOf(asked),
      first,
      samples: 0,
      gaps,
      warnings: [...warnings],
      segments: [],
    };
    let rate: { hz: number; resampler: Resampler } | undefined;
    const give = (block: Float32Array) => {
      meter.add(block);
      phrase.samples += block.length;
      return block;
    };
    for (const { file, sequence } of failure === undefined ? pieces : []) {
      const opened = await openRecording(file, request.artifacts);
      if ('failure' in opened) {
        phrase.warnings.push(opened.failure);
        if (sequence !== undefined) phrase.gaps.push(sequence);
        continue;
      }
      const { format, sound } = opened;
      if (format.truncated) phrase.warnings.push(`${file.name} ends before its header says`);
      // Packets of one rate are one signal: it is resampled over their borders.
      if (rate?.hz !== format.sampleRateHz) {
        if (rate) yield give(rate.resampler.end());
        rate = { hz: format.sampleRateHz, resampler: openResampler(format.sampleRateHz, SAMPLE_RATE_HZ) };
      }
      const before = phrase.samples;
      try {
        for await (const block of monoBlocks(sound, format)) {
          request.signal.throwIfAborted();
          yield give(rate.resampler.push(block));
        }
      } finally {
        await sound.close();
      }
      phrase.segments.push({
        file: file.name,
        ...(sequence === undefined ? {} : { sequence }),
        first: first + before,
        samples: Math.round((format.frames * SAMPLE_RATE_HZ) / format.sampleRateHz),
      });
    }
    if (rate) yield give(rate.resampler.end());
    first += phrase.samples;
    const why =
      failure ?? (phrase.samples === 0 ? `none of its files can be read: ${phrase.warnings.join('; ')}` : undefined);
    notes.push({ ...phrase, level: rounded(meter.level()), ...(why === undefined ? {} : { failure: why }) });
  }
}

/** A whole recording's sound; its phrases are noted at its end. */
async function* recordingBlocks(
  file: JobInput,
  phrases: Parameters<typeof sliceRecording>[1],
  notes: PreparedPhrase[],
  { artifacts, signal }: PrepareRequest,
) {
  const opened = await openRecording(file, artifacts);
  if ('failure' in opened) {
    notes.push(...phrases.map((phrase) => withoutSound(phrase, opened.failure)));
    return;
  }
  const { format, sound } = opened;
  const resampler = openResampler(format.sampleRateHz, SAMPLE_RATE_HZ);
  let samples = 0;
  const give = (block: Float32Array) => {
    samples += block.length;
    return block;
  };
  try {
    for await (const block of monoBlocks(sound, format)) {
      signal.throwIfAborted();
      yield give(resampler.push(block));
    }
    yield give(resampler.end());
  } finally {
    await sound.close();
  }
  notes.push(...sliceRecording(file.name, phrases, samples));
}

async function judgeSlices(path: string, phrases: PreparedPhrase[]): Promise<void> {
  const audio = await openMonoWav(path);
  try {
    for (const phrase of phrases) {
      if (phrase.failure !== undefined) continue;
      const meter = openLevelMeter();
      for (let at = 0; at < phrase.samples; at += SAMPLE_RATE_HZ) {
        meter.add(await audio.read(phrase.first + at, Math.min(SAMPLE_RATE_HZ, phrase.samples - at)));
      }
      phrase.level = rounded(meter.level());
    }
  } finally {
    await audio.close();
  }
}

type Opened = { format: WavFormat; sound: ByteSource } | { failure: string };

async function openRecording(file: JobInput, artifacts: PrepareRequest['artifacts']): Promise<Opened> {
  const sound = await artifacts.open(file);
  try {
    return { format: await probeWav(sound, file.name), sound };
  } catch (thrown) {
    await sound.close();
    if (thrown instanceof StepreelError && !thrown.retryable) return { failure: thrown.message };
    throw thrown;
  }
}

// Quieter than the noise of any microphone in a room, and a level at which speech is no longer speech.
const SILENT_DB = -65;
const CLIPPED_SHARE = 0.01;

/** A phrase with what its level and length say about it. */
function judged16k(phrase: PreparedPhrase): PreparedPhrase {
  if (phrase.failure !== undefined) return phrase;
  const { samples, level } = phrase;
  if (samples > PHRASE_SAMPLES.most) {
    const failure = `it is ${Math.round(samples / SAMPLE_RATE_HZ)} s long; a phrase has at most ${PHRASE_SAMPLES.most / SAMPLE_RATE_HZ} s`;
    return { ...phrase, failure };
  }
  const warnings = [
    ...(samples < PHRASE_SAMPLES.least ? [`it has ${samples} samples, which is too short for a sound`] : []),
    ...(level && level.rmsDb <= SILENT_DB ? [`it is silent (${level.rmsDb} dB)`] : []),
    ...(level && level.clippedShare >= CLIPPED_SHARE
      ? [`${(level.clippedShare * 100).toFixed(1)} % of its samples are clipped`]
      : []),
  ];
  return { ...phrase, warnings: [...phrase.warnings, ...warnings] };
}

function rounded({ rmsDb, peakDb, clippedShare }: AudioLevel): AudioLevel {
  const to = (value: number, digits: number) => Number(Math.max(SILENCE_DB, value).toFixed(digits));
  return { rmsDb: to(rmsDb, 1), peakDb: to(peakDb, 1), clippedShare: to(clippedShare, 4) };
}

async function haveSameBytes(files: JobInput[], artifacts: PrepareRequest['artifacts']): Promise<boolean> {
  const digests = await Promise.all(
    files.map(async (file) => (await artifacts.digest(await artifacts.local(file))).sha256),
  );
  return new Set(digests).size === 1;
}
