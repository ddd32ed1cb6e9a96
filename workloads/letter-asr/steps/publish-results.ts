import { ToolError } from '#core/errors';
import { eachSideBySide } from '#core/side-by-side';
import { defineStep } from '#core/step';
import { preparedSchema, publishedSchema, scoredSchema, shardsSchema, stepParams } from '../contract.ts';
import { graphqlNamed } from '../publish/graphql-config.ts';
import { publishResult } from '../publish/publish-result.ts';
import { joinResults } from '../result/join-results.ts';

const CALLS_AT_ONCE = 8;

/**
 * Sends each activity's result to the endpoint that the job names, if it names one. A result that can't be sent fails the
 * job, which can be resumed here: sending a result twice leaves the same. An activity that failed has no result to send.
 */
export default defineStep({
  name: 'PublishResults',
  revision: 1,
  params: stepParams.PublishResults,
  needs: { PrepareAudio: preparedSchema, PlanShards: shardsSchema, ScorePhrases: scoredSchema },
  output: publishedSchema,
  async run({ job, params, outputOf, outputsOf, artifacts, progress, logger, signal }) {
    const { publish: endpoint } = params;
    if (endpoint === undefined) return { endpoint: null, published: 0 };
    const config = await graphqlNamed(endpoint);
    const apiKey = process.env[config.apiKeyFrom];
    if (!apiKey) {
      throw new ToolError(`The endpoint ${endpoint} wants a key from ${config.apiKeyFrom}, which is not set. Set it.`);
    }
    const prepared = await outputOf('PrepareAudio');
    const { output: plan } = await outputOf('PlanShards');
    const shards = await outputsOf('ScorePhrases', plan.shards.length);
    let published = 0;
    await eachSideBySide(joinResults(prepared, shards, artifacts), CALLS_AT_ONCE, async ({ results }) => {
      if (results.status === 'failed') {
        logger.warn('activity not published: no phrase of it was scored', { activityId: results.activity_id });
        return;
      }
      const correlationId = `${job.id}/${results.activity_id}`;
      await publishResult(results, { endpoint, config, apiKey, correlationId, signal });
      published += 1;
      progress(published, prepared.output.activities);
    });
    return { endpoint, published };
  },
  route: ({ published }) => ({ published }),
});
