import type { Context } from 'hono';
import { z } from 'zod';
import type { InputListing } from '#core/ports';
import { workloadOf } from '#jobs/registry';
import { resultOf } from '#jobs/result';
import { VIDEOS as VIDEOS_VARIABLE } from '../legacy-lookup.ts';
import {
  clipBatchSchema,
  clipsSchema,
  oldJobAnswerSchema,
  oldJobsSchema,
  predictionSchema,
  predictSchema,
  videoRequestSchema,
  workerSchema,
} from '../legacy-schemas.ts';
import { oldJobView, predictionView, VIDEO_TAG } from '../legacy-views.ts';
import { type Answers, OLD_TYPE, type Operations } from '../operation.ts';
import { ApiProblem } from '../problems.ts';
import { bodyOf } from '../requests.ts';
import { type jobSchema, type jobsSchema, type resultsSchema, submissionSchema } from '../schemas.ts';
import { JOBS } from './jobs.ts';
import type { ResultPorts } from './results.ts';

// The names that existing clients use. Each is one of our operations behind a translation: what is asked goes through
// the same door as any other request, and its answer is told in the old words.

const OLD = { deprecated: true } as const;
const legacy = z.enum(['0', '1']).optional().describe('1: answers in the words of the system before this one');

/** `submitJob`, `listJobs` and `readJob` are ours, and take the old words beside. */
export const LEGACY = {
  submitJob: {
    ...JOBS.submitJob,
    body: z.union([submissionSchema, videoRequestSchema]),
    answers: { ...JOBS.submitJob.answers, 201: oldJobAnswerSchema },
    problems: [...JOBS.submitJob.problems, 404],
  },
  listJobs: {
    ...JOBS.listJobs,
    query: { ...JOBS.listJobs.query, legacy },
    oldAnswers: { 200: oldJobsSchema },
  },
  readJob: {
    ...JOBS.readJob,
    query: { legacy },
    oldAnswers: { 200: oldJobAnswerSchema },
  },
  predictClip: {
    ...OLD,
    method: 'post',
    path: '/predict',
    summary: 'Submit a clip to clip-qc',
    description: 'The same as `POST /jobs` with the workload `clip-qc`.',
    body: predictSchema,
    headers: JOBS.submitJob.headers,
    answers: { 200: predictionSchema, 202: predictionSchema },
    problems: [...JOBS.submitJob.problems, 404],
  },
  readPrediction: {
    ...OLD,
    method: 'get',
    path: '/predict/{job_id}',
    summary: 'What was found in a clip',
    description: 'The same as `GET /jobs/{id}`, with the prediction of a job that has completed.',
    answers: { 200: predictionSchema },
    problems: [404],
  },
  submitClips: {
    ...OLD,
    method: 'post',
    path: '/batch',
    summary: 'Submit many clips to clip-qc',
    description: 'The same as `POST /batches` with the workload `clip-qc`.',
    body: clipsSchema,
    maxBodyBytes: 5_000_000,
    headers: JOBS.submitJob.headers,
    answers: { 200: clipBatchSchema, 202: clipBatchSchema },
    problems: [400, 403, 404, 413, 422, 429, 501],
  },
  startWorker: {
    ...OLD,
    method: 'post',
    path: '/worker/start',
    summary: 'Admit waiting jobs again',
    description: 'The same as `POST /queue/resume`.',
    answers: { 200: workerSchema },
    problems: [403],
  },
  stopWorker: {
    ...OLD,
    method: 'post',
    path: '/worker/stop',
    summary: 'Admit no more jobs; those that run go on',
    description: 'The same as `POST /queue/pause`.',
    answers: { 200: workerSchema },
    problems: [403],
  },
} satisfies Operations;

export interface LegacyPorts extends ResultPorts {
  /** Where the video of an id lies, if the operator has said so. */
  videoUri?: (videoId: string) => string;
  /** Parameters of jobs by the id of a video, whose clients name none. */
  videoParams?: Record<string, unknown>;
  /** Where an object of that key was uploaded. */
  clipUri?: (key: string) => string;
  listing?: InputListing;
}

/** Asks this API something for whoever sent the request of a context. */
export type AskApi = (context: Context, method: string, path: string, body?: unknown) => Promise<Response>;

type Inner = Pick<Answers<typeof JOBS>, 'submitJob' | 'listJobs' | 'readJob'>;
type JobAnswer = z.infer<typeof jobSchema>;

const CLIPS = { workload: 'clip-qc', prediction: 'prediction.json' };
// The video keeps the container of the one that was sent.
const VIDEOS = { workload: 'annotate', video: /^annotated\.\w+$/, stats: 'stats.json' };
// As many as one answer had.
const LISTED = 100;

export function legacyAnswers(ports: LegacyPorts, inner: Inner, ask: AskApi): Answers<typeof LEGACY> {
  const { clipUri, registry } = ports;

  const requireWorkload = async (name: string) => {
    if ((await registry.list()).some((workload) => workload.name === name)) return;
    const hint = 'GET /workloads lists what there is.';
    throw new ApiProblem(404, 'NoSuchWorkload', `There is no workload ${name} here.`, hint);
  };

  const submitVideo = async (context: Context) => {
    const { video_id, project } = await bodyOf(context, videoRequestSchema);
    await requireWorkload(VIDEOS.workload);
    const input = await findVideo(video_id, ports);
    const order = {
      workload: VIDEOS.workload,
      input,
      params: ports.videoParams ?? {},
      tags: { [VIDEO_TAG]: video_id },
      ...(project ? { project } : {}),
    };
    const answer = await ask(context, 'POST', '/jobs', order);
    if (!answer.ok) return answer;
    const job = (await answer.json()) as JobAnswer;
    return context.json({ job: oldJobView(job) }, 201, { Location: job.links.self });
  };

  return {
    async submitJob(context, caller) {
      return (await asksByVideo(context)) ? await submitVideo(context) : await inner.submitJob(context, caller);
    },

    async listJobs(context, caller) {
      const { legacy, ...asked } = context.req.query();
      if (legacy !== '1') return await inner.listJobs(context, caller);
      const search = new URLSearchParams({ workload: VIDEOS.workload, limit: `${LISTED}`, ...asked });
      const answer = await ask(context, 'GET', `/jobs?${search}`);
      if (!answer.ok) return answer;
      const { jobs } = (await answer.json()) as z.infer<typeof jobsSchema>;
      return oldAnswer(context, { jobs: jobs.map((job) => oldJobView(job)), count: jobs.length });
    },

    async readJob(context, caller) {
      const answer = await inner.readJob(context, caller);
      if (context.req.query('legacy') !== '1') return answer;
      const job = (await answer.json()) as JobAnswer;
      if (!job.links.results) return oldAnswer(context, { job: oldJobView(job) });
      const results = await ask(context, 'GET', `/${job.links.results}?limit=1000`);
      if (!results.ok) return results;
      const { files } = (await results.json()) as z.infer<typeof resultsSchema>;
      const annotated_video_url = files.find(({ path }) => VIDEOS.video.test(path))?.href ?? null;
      const stats = await resultDocument(job.id, VIDEOS.stats, ports);
      return oldAnswer(context, { job: oldJobView(job, { annotated_video_url, stats }) });
    },

    async predictClip(context) {
      const { upload_id, s3_uri, s3_key, config_overrides: params } = await bodyOf(context, predictSchema);
      await requireWorkload(CLIPS.workload);
      const input = upload_id ?? s3_uri ?? clipUri?.(s3_key!) ?? s3_key!;
      const answer = await ask(context, 'POST', '/jobs', {
        workload: CLIPS.workload,
        input,
        ...(params && { params }),
      });
      if (!answer.ok) return answer;
      const job = (await answer.json()) as JobAnswer;
      return context.json(predictionView(job), answer.status as 202, { Location: `predict/${job.id}` });
    },

    async readPrediction(context) {
      const id = context.req.param('job_id')!;
      const answer = await ask(context, 'GET', `/jobs/${encodeURIComponent(id)}`);
      if (!answer.ok) return answer;
      const job = (await answer.json()) as JobAnswer;
      return context.json(
        predictionView(job, job.links.results ? await resultDocument(id, CLIPS.prediction, ports) : null),
      );
    },

    async submitClips(context) {
      const asked = await bodyOf(context, clipsSchema);
      const { s3_uris: items, config_overrides: params } = Array.isArray(asked) ? { s3_uris: asked } : asked;
      await requireWorkload(CLIPS.workload);
      const answer = await ask(context, 'POST', '/batches', {
        workload: CLIPS.workload,
        items,
        ...(params && { params }),
      });
      if (!answer.ok) return answer;
      const { id, total, links } = (await answer.json()) as { id: string; total: number; links: { self: string } };
      return context.json({ batch_id: id, count: total, links: { self: links.self } }, answer.status as 202);
    },

    async startWorker(context) {
      const answer = await ask(context, 'POST', '/queue/resume', {});
      if (!answer.ok) return answer;
      return context.json({ worker_running: true, message: 'Waiting jobs are admitted.' });
    },

    async stopWorker(context) {
      const answer = await ask(context, 'POST', '/queue/pause', {});
      if (!answer.ok) return answer;
      return context.json({ worker_running: false, message: 'No job is admitted; those that run go on.' });
    },
  };
}

function oldAnswer(context: Context, body: object): Response {
  return context.body(JSON.stringify(body), 200, { 'Content-Type': OLD_TYPE });
}

async function asksByVideo(context: Context): Promise<boolean> {
  const text = await context.req.text();
  try {
    return VIDEO_TAG in JSON.parse(text);
  } catch {
    // What is no JSON object is refused by whoever takes it.
    return false;
  }
}

/** @throws ApiProblem when nobody has said where videos lie, or no video lies there. */
async function findVideo(videoId: string, { videoUri, listing }: LegacyPorts): Promise<string> {
  if (!videoUri) {
    const detail = 'This API does not know where the video of an id lies.';
    const hint = `Name the video as the input of POST /jobs, or have the operator set ${VIDEOS_VARIABLE}.`;
    throw new ApiProblem(400, 'NoVideoIds', detail, hint);
  }
  const uri = videoUri(videoId);
  for await (const found of listing?.below(uri) ?? [uri]) if (found === uri) return uri;
  const hint = 'Look at the id, and whether its video has been stored.';
  throw new ApiProblem(404, 'NoSuchVideo', `There is no video ${videoId}.`, hint);
}

/** A JSON document of a job's result; null when the result has none of that path. */
async function resultDocument(jobId: string, path: string, ports: ResultPorts) {
  const job = (await ports.jobs.get(jobId))!;
  const { files } = await resultOf(job, await workloadOf(job, ports.registry), ports);
  const file = files.get(path);
  if (!file) return null;
  const document = JSON.parse(Buffer.from(await ports.artifacts.read(file.key)).toString());
  return document as Record<string, unknown>;
}
