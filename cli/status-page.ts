import { fileURLToPath } from 'node:url';
import { type PageFiles, pageInFolder, pageOf } from '#runtime/jobs-api/page-files';

/**
 * The job status page: as the package brings it, and in a checkout, which has only its sources, bundled when somebody
 * first asks for it.
 */
export function statusPage(): PageFiles {
  const built = pageInFolder(fileURLToPath(new URL('../web', import.meta.url)));
  // A checkout's web/ has an index.html too, which is a template without scripts.
  if (built && !import.meta.filename.endsWith('.ts')) return built;
  let bundled: Promise<Map<string, string>> | undefined;
  return pageOf(async (path) => {
    bundled ??= import('#web/build').then(({ bundlePage }) => bundlePage());
    return (await bundled).get(path);
  });
}
