import type { Degradation } from '#core/job';
import { composeManifest, MANIFEST } from '#core/manifest';
import { defineStep } from '#core/step';
import {
  preparedSchema,
  publishedSchema,
  reportedSchema,
  type Scored,
  scoredSchema,
  shardsSchema,
  stepParams,
} from '../contract.ts';
import { type DrawnActivity, keepForReport } from '../report/drawn-activities.ts';
import { reportMarkdown } from '../report/markdown.ts';
import { reportHtml } from '../report/report-html.ts';
import type { JoinedActivity } from '../result/join-results.ts';
import { joinResults } from '../result/join-results.ts';
import { openSummary } from '../result/summary.ts';
import { openResultFiles } from '../result/write-results.ts';
import workload from '../workload.ts';

const MOST_MISSING = 200;

/** Joins what the steps found into the result's documents, reports on them, and closes the result with the manifest. */
export default defineStep({
  name: 'WriteReport',
  revision: 2,
  params: stepParams.WriteReport,
  needs: {
    PrepareAudio: preparedSchema,
    PlanShards: shardsSchema,
    ScorePhrases: scoredSchema,
    PublishResults: publishedSchema,
  },
  output: reportedSchema,
  async run({ job, params, outputOf, outputsOf, artifacts, measure, logger, scratch }) {
    const prepared = await outputOf('PrepareAudio');
    const { output: plan } = await outputOf('PlanShards');
    const shards = await outputsOf('ScorePhrases', plan.shards.length);
    const { output: published } = await outputOf('PublishResults');
    const { model } = shards[0]!.output;

    const documents = await openResultFiles(scratch);
    const tally = openSummary();
    const missing: string[] = [];
    const drawn: DrawnActivity[] = [];
    try {
      for await (const activity of joinResults(prepared, shards, artifacts)) {
        await documents.write(activity);
        tally.add(activity.results);
        measure('Phrases', activity.results.phrases.length);
        measure('ActivitySuccess', activity.results.status === 'failed' ? 0 : 1);
        missing.push(...failedPhrases(activity).slice(0, MOST_MISSING - missing.length));
        keepForReport(drawn, activity);
      }
    } catch (thrown) {
      await documents.close();
      throw thrown;
    }
    const summary = tally.summary();
    logger.info('activities joined', { phase: 'report', ...summary });
    const degraded = degradations(
      shards.map(({ output }) => output),
      params.endpoint,
    );
    const outcome = summary.phrases.failed === 0 ? ('complete' as const) : ('partial' as const);
    const { notes, input } = prepared.output;
    const data = {
      summary,
      drawn,
      missing,
      notes,
      published,
      model,
      params,
      degraded,
      seconds: prepared.output.seconds,
    };
    const files = [
      ...(await documents.put(artifacts)),
      await artifacts.putBytes('summary.json', `${JSON.stringify(summary, null, 2)}\n`, { result: 'summary.json' }),
      await artifacts.putBytes('report.html', reportHtml(data), { result: 'report.html' }),
      await artifacts.putBytes('report.md', reportMarkdown(data), { result: 'report.md' }),
    ];
    const facts = { outcome, missing, degraded, input, params, models: [model], reused: job.reused };
    await artifacts.putBytes(MANIFEST, composeManifest(workload, files, facts), { result: MANIFEST });
    return { outcome, missing, degraded };
  },
  route: ({ outcome, degraded }) => ({ outcome, degraded }),
});

function failedPhrases({ results }: JoinedActivity): string[] {
  return results.phrases
    .filter(({ status }) => status === 'failed')
    .map(({ phrase_index, reason }) => `phrase ${phrase_index} of activity ${results.activity_id}: ${reason}`);
}

/** Shards that found no GPU where one was planned, and phrases that the remote model did not answer for. */
function degradations(shards: Scored[], endpoint: string | undefined): Degradation[] {
  const lesser = shards.filter(({ device, plannedDevice }) => device !== plannedDevice).length;
  const local = shards.reduce((sum, { engines }) => sum + (engines.local ?? 0), 0);
  const reasons = [
    ...(lesser > 0 ? [`${lesser} of ${shards.length} shards ran on CPU instead of GPU`] : []),
    ...(endpoint !== undefined && local > 0
      ? [`${local} phrases were heard by the local model instead of ${endpoint}`]
      : []),
  ];
  return reasons.map((reason) => ({ step: 'ScorePhrases', reason }));
}
