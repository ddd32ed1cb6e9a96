import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '#core/errors';
import { definitionSchema } from '#core/workload-definition';
import { builtIn } from '#workloads/index';

export interface InitOptions {
  language: 'ts' | 'python';
  folder?: string;
}

// Templates end in this, so that no tool takes them for sources of ours.
const TEMPLATE = '.tmpl';

const LANGUAGES = {
  python: {
    templates: 'python',
    words: {
      program: 'step.py',
      command: '["python3", "step.py"]',
      testCommand: 'python3 -m unittest',
      base: 'python:3.13-slim-bookworm',
    },
  },
  ts: {
    templates: 'typescript',
    words: {
      program: 'step.ts',
      command: '["node", "step.ts"]',
      testCommand: 'npm test',
      base: 'node:24-bookworm-slim',
    },
  },
} as const;

/** `init`: writes a workload that works as it is, into a new folder. */
export async function initWorkload(name: string, options: InitOptions, json: boolean): Promise<void> {
  requireName(name);
  const folder = resolve(options.folder ?? name);
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0) {
    throw new InputError(`${folder} is not empty. Choose another name, or another --folder.`, { details: { folder } });
  }
  const { templates, words } = LANGUAGES[options.language];
  const files = await writeTemplates(['both', templates], folder, { ...words, name });
  if (json) {
    process.stdout.write(`${JSON.stringify({ event: 'created', name, folder, files })}\n`);
    return;
  }
  process.stdout.write(`${folder}\n`);
  const shown = options.folder ?? name;
  process.stderr.write(
    `${files.map((file) => `  ${file}\n`).join('')}Now:\n  stepreel contract test --workload ./${shown}\n  stepreel run ./${shown} --example\n`,
  );
}

function requireName(name: string): void {
  const checked = definitionSchema.shape.name.safeParse(name);
  if (!checked.success) {
    throw new InputError(
      `${JSON.stringify(name)} is no name for a workload: ${checked.error.issues[0]!.message}, as my-model.`,
    );
  }
  if (Object.hasOwn(builtIn, name)) throw new InputError(`${name} ships with Stepreel. Choose another name.`);
}

async function writeTemplates(
  sources: readonly string[],
  folder: string,
  words: Record<string, string>,
): Promise<string[]> {
  const root = fileURLToPath(new URL('../scaffolds', import.meta.url));
  const written: string[] = [];
  for (const source of sources) {
    const entries = await readdir(join(root, source), { recursive: true });
    for (const path of entries.filter((entry) => entry.endsWith(TEMPLATE))) {
      const text = await readFile(join(root, source, path), 'utf8');
      const target = path.slice(0, -TEMPLATE.length);
      await mkdir(dirname(join(folder, target)), { recursive: true });
      await writeFile(join(folder, target), filled(text, words));
      written.push(target);
    }
  }
  return written.sort();
}

/** `{{name}}`; a name that there is no word for is left, which a test would see. */
function filled(text: string, words: Record<string, string>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => words[name] ?? whole);
}
