import { openClipJudge } from '#workloads/clip-qc/judge-file';
import { toPrediction } from '#workloads/clip-qc/prediction';
import { interruptSignal } from './interrupt.ts';
import { requireFile } from './qc-files.ts';
import { type QcOptions, qcModel, qcParams } from './qc-options.ts';

/** `qc predict`: one clip, its prediction as JSON on stdout, warnings on stderr. */
export async function predictClip({ input, ...options }: QcOptions & { input: string }): Promise<void> {
  const signal = interruptSignal();
  const params = await qcParams(options);
  await requireFile(input);
  const judge = await openClipJudge(await qcModel(params), params);
  try {
    const finding = await judge.judge(input, signal);
    for (const warning of finding.warnings) process.stderr.write(`Note: ${warning}\n`);
    process.stdout.write(`${JSON.stringify(toPrediction(finding), null, 2)}\n`);
  } finally {
    await judge.close();
  }
}
