import { z } from 'zod';
import type { Artifact } from '#core/artifact';
import { composeManifest, MANIFEST } from '#core/manifest';
import { html } from '#core/markup';
import { type AnyStep, defineStep, type StepNeeds, type StepResult } from '#core/step';
import type { WorkloadDefinition } from '#core/workload-definition';
import { type ProgramOutput, programOutputSchema } from '../wrapped/program-step.ts';

const reportedSchema = z.object({
  outcome: z.literal('complete'),
  missing: z.array(z.string()),
  degraded: programOutputSchema.shape.degraded,
});

/** Closes the result: what the last program left, its output document as result.json, a page to look at and the manifest. */
export function writeReport(definition: WorkloadDefinition): AnyStep {
  const steps = Object.keys(definition.steps);
  const needs: StepNeeds = Object.fromEntries(steps.map((step) => [step, programOutputSchema]));
  return defineStep({
    name: 'WriteReport',
    revision: 1,
    params: z.record(z.string(), z.unknown()),
    needs,
    output: reportedSchema,
    async run({ job, params, outputOf, artifacts }) {
      const ends: StepResult<ProgramOutput>[] = [];
      // In their order, so that the first refusal is the one that is told.
      for (const step of steps) ends.push((await outputOf(step)) as StepResult<ProgramOutput>);
      const { output: last, artifacts: files } = ends.at(-1)!;
      const put = (name: string, text: string) => artifacts.putBytes(name, text, { result: name });
      const written = [
        ...files,
        await put('result.json', `${JSON.stringify(last.document, null, 2)}\n`),
        await put('report.html', reportPage(definition, last, files)),
      ];
      const degraded = ends.flatMap(({ output }) => output.degraded);
      const models = ends.flatMap(({ output }) => output.models);
      const facts = { outcome: 'complete' as const, missing: [], degraded, input: last.input, params, models };
      await put(MANIFEST, composeManifest(definition, written, { ...facts, reused: job.reused }));
      return { outcome: 'complete' as const, missing: [], degraded };
    },
    route: ({ outcome, degraded }) => ({ outcome, degraded }),
  });
}

function reportPage(
  { title, name, version }: WorkloadDefinition,
  { document, input }: ProgramOutput,
  files: Artifact[],
): string {
  const rows = files.map(
    ({ name, result = name, bytes, mediaType }) =>
      html`<tr><td><a href="${encodeURI(result)}">${result}</a></td><td>${mediaType}</td><td>${bytes}</td></tr>`,
  );
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}pre{overflow:auto}</style>
<h1>${title}</h1><p>${name} ${version}, of ${input.map((one) => one.name).join(', ')}</p>
<h2>Result</h2><pre>${JSON.stringify(document, null, 2)}</pre>
<h2>Files</h2><table><tr><th>file</th><th>kind</th><th>bytes</th></tr>${rows}</table>
</html>
`.text;
}
