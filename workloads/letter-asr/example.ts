import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobInput } from '#core/job';

/** What the recordings of the example should say; in two places they do not. */
const ACTIVITY = {
  activity_id: 'example',
  story_id: 'letters-1',
  phrases: [
    { phraseIndex: 0, expected_text: ['a_letter', 'b_letter', 'c_letter'], reference_phonemes: ['eɪ', 'b iː', 's iː'] },
    { phraseIndex: 1, expected_text: ['m_letter', 's_letter', 'k_letter'], reference_phonemes: ['ɛ m', 'ɛ s', 'k eɪ'] },
    {
      phraseIndex: 2,
      expected_text: ['f_letter', 'z_letter', 'y_letter'],
      reference_phonemes: ['ɛ f', 'z iː', 'w aɪ'],
    },
  ],
};

/** Puts the recordings that `stepreel run letter-asr --example` works on into a folder, with what they should say. */
export async function drawExample(folder: string): Promise<JobInput[]> {
  const shipped = join(import.meta.dirname, 'example');
  const recordings = (await readdir(shipped)).filter((name) => name.endsWith('.wav')).sort();
  for (const name of recordings) await copyFile(join(shipped, name), join(folder, name));
  await writeFile(join(folder, 'activity.json'), `${JSON.stringify(ACTIVITY, null, 2)}\n`);
  return [...recordings, 'activity.json'].map((name) => ({ name, uri: join(folder, name) }));
}
