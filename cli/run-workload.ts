import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { openModelStore } from '#adapters/local/model-store';
import { InputError } from '#core/errors';
import type { JobInput } from '#core/job';
import { modelsOf, type Workload } from '#core/workload';
import { checkResultFolder, deliverResult } from '#jobs/deliver';
import { openLocalPlatform } from '#runtime/local';
import { builtIn } from '#workloads/index';
import { interruptSignal } from './interrupt.ts';
import { endAsJob } from './job-end.ts';
import { readParams } from './params.ts';
import { printPlan } from './plan.ts';
import { openReporter, type Reporter } from './reporter/reporter.ts';
import { toolVersions } from './tool-versions.ts';

export interface RunOptions {
  input?: string[];
  output?: string;
  param?: string[];
  params?: string;
  example?: boolean;
  dryRun?: boolean;
  force?: boolean;
  /** Run the programs in their image, or in this one. */
  image?: string | true;
}

/**
 * Runs a workload from its input files to a delivered result. Everything on the way lies beside the output folder, on
 * the same disk, so that delivery moves names and not bytes, and is removed whatever happens.
 */
export async function runWorkload(name: string, options: RunOptions, json: boolean): Promise<void> {
  const signal = interruptSignal();
  const { workload, outside } = await workloadNamed(name);
  if (options.image !== undefined) await requireImage(workload, options.image);
  const params = await readParams(options.param, options.params);
  const output = resolve(options.output ?? defaultOutput(workload.name, options));
  if (!options.dryRun) await checkResultFolder(output, { replace: options.force === true });

  const parent = options.dryRun ? tmpdir() : await existingParent(output);
  const workFolder = await mkdtemp(join(parent, `.${basename(output)}.work-`));
  const reporter = await openReporter({ json });
  try {
    if (options.example) reporter.preparing('Drawing the example clip …');
    const input = options.example ? await drawExample(workload, workFolder) : inputsOf(options.input ?? []);
    const request = { workload: workload.name, input, params };
    await verifyModels(workload, params);
    if (options.dryRun) return await printPlan({ workload, request, output, json });
    const { force = false, image } = options;
    await runJob({ request, outside, image, workFolder, output, force, reporter, signal });
  } finally {
    reporter.close();
    await rm(workFolder, { recursive: true, force: true });
  }
}

interface Running {
  request: { workload: string; input: JobInput[]; params: Record<string, unknown> };
  outside: string[];
  image: string | true | undefined;
  workFolder: string;
  output: string;
  force: boolean;
  reporter: Reporter;
  signal: AbortSignal;
}

async function runJob({
  request,
  outside,
  image,
  workFolder,
  output,
  force,
  reporter,
  signal,
}: Running): Promise<void> {
  const platform = await openLocalPlatform({
    stateFolder: join(workFolder, 'state'),
    workloads: builtIn,
    outside,
    ...(image === undefined ? {} : { image }),
    models: openModelStore(),
    // The state folder is this job's alone, and is removed with it.
    reuse: false,
    onEvent: (event) => reporter.event(event),
    onProgress: (progress) => reporter.progress(progress),
  });
  // Asked for while the job runs, so that the receipt need not wait; what goes wrong is told when they are needed.
  const versions = toolVersions();
  versions.catch(() => {});
  try {
    const job = await platform.runJob(request, signal, (id) => reporter.started({ id, workload: request.workload }));
    signal.throwIfAborted();
    endAsJob(job);
    const { manifest } = await deliverResult({
      job,
      folder: output,
      replace: force,
      platform,
      versions: await versions,
    });
    reporter.finished({
      jobId: job.id,
      status: job.status,
      output,
      report: join(output, 'report.html'),
      missing: manifest.missing,
    });
  } finally {
    platform.close();
  }
}

/** A workload of ours by its name, or somebody's by its folder. */
async function workloadNamed(name: string): Promise<{ workload: Workload; outside: string[] }> {
  if (isFolder(name)) {
    const { loadOutside } = await import('#runtime/outside/outside-workload');
    return { workload: await loadOutside(name), outside: [resolve(name)] };
  }
  const { openRegistry } = await import('#jobs/registry');
  return { workload: await openRegistry(builtIn).get(name), outside: [] };
}

/** What would fail in a child is told before anything else is done. */
async function requireImage({ name, outside }: Workload, chosen: string | true): Promise<void> {
  if (!outside)
    throw new InputError(
      `${name} ships with Stepreel and runs as processes here; --image is for workloads of your own.`,
    );
  if (chosen === true && outside.image === undefined) {
    throw new InputError(`${name} names no "image" in its workload.json. Name one there, or give --image its name.`);
  }
  const { requireDocker } = await import('#adapters/local/docker');
  await requireDocker();
}

function isFolder(name: string): boolean {
  return name.startsWith('.') || /[/\\]/.test(name);
}

/** A missing or changed model is told before anything else is done. */
async function verifyModels(workload: Workload, params: Record<string, unknown>): Promise<void> {
  const checked = workload.params.safeParse(params);
  if (!checked.success) return; // submitting lists every problem with the parameters
  const store = openModelStore();
  for (const ref of modelsOf(workload, checked.data)) await store.fetch(ref);
}

function inputsOf(files: string[]): JobInput[] {
  if (files.length === 0)
    throw new InputError('There is no input. Give --input FILE, or --example to try the workload out.');
  return files.map((file) => ({ name: basename(file), uri: resolve(file) }));
}

async function drawExample({ name, example }: Workload, folder: string): Promise<JobInput[]> {
  if (!example) throw new InputError(`The workload ${name} has no example. Give --input FILE.`);
  return (await example()).drawExample(folder);
}

/** `site.mp4` → `site-dataset`; the example → `example-dataset`. */
function defaultOutput(name: string, { input = [], example }: RunOptions): string {
  const first = example ? 'example' : basename(input[0] ?? 'job');
  return `${basename(first, extname(first))}-${name}`;
}

async function existingParent(output: string): Promise<string> {
  const parent = dirname(output);
  await mkdir(parent, { recursive: true });
  return parent;
}
