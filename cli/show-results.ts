import { type ApiOptions, openApi } from './api-options.ts';
import { downloadResult, resultPages } from './download-result.ts';

interface ResultsOptions extends ApiOptions {
  download?: string;
}

/** Lists the files of a result, or fetches them. */
export async function showResults(id: string, options: ResultsOptions, json: boolean): Promise<void> {
  const api = await openApi(options);
  const { download } = options;
  if (download !== undefined) {
    const { files } = await downloadResult(api, id, download);
    if (json) process.stdout.write(`${JSON.stringify({ event: 'downloaded', jobId: id, folder: download, files })}\n`);
    else process.stdout.write(`${download}: ${files} files, all as the manifest says\n`);
    return;
  }
  let documents: { path: string }[] = [];
  for await (const page of resultPages(api, id)) {
    for (const file of page.files) printFile(file, json);
    documents = page.documents;
  }
  for (const document of documents) printFile(document, json);
}

function printFile(file: { path: string }, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ event: 'file', ...file })}\n` : `${file.path}\n`);
}
