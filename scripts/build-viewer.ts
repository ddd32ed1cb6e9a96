import { writeFile } from 'node:fs/promises';
import { bundleReportViewer } from '#web/build';

/** Where the report of reconstruct, which stands alone, has the viewer that is a part of the status page. */
export const VIEWER_FILE = new URL('../workloads/reconstruct/report/viewer-program.ts', import.meta.url);

/**
 * The viewer as a module of text. `npm run viewer` writes it; a test holds what is written against the sources.
 * @throws Error where the text would not come out of a raw template literal as it went in.
 */
export function viewerModule(): string {
  const program = bundleReportViewer().trim();
  if (/`|\$\{|<\/script/.test(program)) throw new Error('The viewer has signs that can’t stand in a raw template.');
  return `/** The viewer of web/scene/, as \`npm run viewer\` writes it. It shows the scene of scene-data.ts. */
export const VIEWER_PROGRAM = String.raw\`${program}\`;
`;
}

if (import.meta.main) await writeFile(VIEWER_FILE, viewerModule());
