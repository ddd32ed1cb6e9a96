import { z } from 'zod';
import { ContractError, InputNotFoundError } from '#core/errors';
import { fetchHttpFile, fetchJson } from './http-files.ts';
import type { ModelAddress } from './model-address.ts';

/** Files of a model at its place, fetched by name. */
export type ModelFileSource = (name: string, path: string) => Promise<void>;

type Variables = Record<string, string | undefined>;

/** Opens the place that an address names. Hosts and tokens come from the variables that the hubs' own tools read. */
export async function openModelFiles(
  address: ModelAddress,
  variables: Variables = process.env,
): Promise<ModelFileSource> {
  switch (address.kind) {
    case 'https':
      return (name, path) => fetchHttpFile(address.base, name, path);
    case 'hf': {
      const { repository, revision, folder } = address;
      const base = `${hubOf(variables)}/${repository}/resolve/${revision}/${folder}`;
      return (name, path) => fetchHttpFile(base, name, path, variables.HF_TOKEN);
    }
    case 's3':
      return await openS3(address);
    case 'mlflow':
      return await openMlflow(address, variables);
  }
}

function hubOf({ HF_ENDPOINT }: Variables): string {
  return (HF_ENDPOINT || 'https://huggingface.co').replace(/\/$/, '');
}

async function openS3({ bucket, prefix }: { bucket: string; prefix: string }): Promise<ModelFileSource> {
  const [{ openClients }, { downloadObject }, { findObject }] = await Promise.all([
    import('../aws/clients.ts'),
    import('../aws/s3-download.ts'),
    import('../aws/s3-objects.ts'),
  ]);
  const s3 = await openClients().s3();
  return async (name, path) => {
    const object = await findObject(s3, { bucket, key: `${prefix}${name}` });
    if (!object) throw new InputNotFoundError(`There is no s3://${bucket}/${prefix}${name}. Look at the address.`);
    await downloadObject(s3, object, path);
  };
}

const downloadUriSchema = z.object({ artifact_uri: z.string().min(1) });

/** The registry says where a version's files lie: in a bucket, or behind itself. */
async function openMlflow(
  { name, version }: { name: string; version: string },
  variables: Variables,
): Promise<ModelFileSource> {
  const { MLFLOW_TRACKING_URI: tracking, MLFLOW_TRACKING_TOKEN: token } = variables;
  if (!tracking) {
    throw new ContractError('MLFLOW_TRACKING_URI has no value. Set it to the address of your MLflow registry.');
  }
  const root = tracking.replace(/\/$/, '');
  const query = new URLSearchParams({ name, version });
  const answer = await fetchJson(new URL(`${root}/api/2.0/mlflow/model-versions/get-download-uri?${query}`), token);
  const { artifact_uri: uri } = downloadUriSchema.parse(answer);
  const s3 = /^s3:\/\/([^/]+)\/(.*?)\/?$/.exec(uri);
  if (s3) return await openS3({ bucket: s3[1]!, prefix: `${s3[2]}/` });
  const proxied = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.*?)\/?$/.exec(uri);
  if (proxied) {
    const base = `${root}/api/2.0/mlflow-artifacts/artifacts/${proxied[1]}/`;
    return (file, path) => fetchHttpFile(base, file, path, token);
  }
  throw new ContractError(
    `${name}/${version} lies at ${uri}, which can't be fetched from here. Expected s3: or mlflow-artifacts:.`,
  );
}
