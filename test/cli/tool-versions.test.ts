import { expect, it } from 'vitest';
import { examine } from '../../cli/doctor.ts';
import { toolVersions } from '../../cli/tool-versions.ts';

const VERSION = /^v?\d+\.\d+/;

it('a receipt names what decodes, what infers and what reads, with versions', async () => {
  const versions = await toolVersions();
  for (const tool of ['node', 'ffmpeg', 'onnxruntime', 'tesseract.js']) expect(versions[tool], tool).toMatch(VERSION);
});

it('the doctor names the engine that reads text, with its version', async () => {
  for await (const finding of examine()) {
    if (finding.what !== 'Text reader') continue;
    expect(finding).toMatchObject({ well: true, found: expect.stringMatching(/^tesseract\.js \d+\.\d+/) });
    return;
  }
  expect.unreachable('the doctor says nothing of reading');
});
