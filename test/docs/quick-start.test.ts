import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DevServer, startDevServer } from '../helpers/dev-server.ts';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

const folder = join(import.meta.dirname, '../../docs/quick-start');
const python = spawnSync('python3', ['--version']).status === 0;
const pages = readdirSync(folder).map((page) => ({ page, text: readFileSync(join(folder, page), 'utf8') }));

/** The commands of a page, as a reader comes to them: the lines of its blocks, and those in its sentences. */
function commandsOf(text: string): string[][] {
  const lines = text.split(/\n|`/).filter((line) => line.startsWith('npx stepreel '));
  return [...new Set(lines)].map((line) => line.trim().slice('npx stepreel '.length).split(' '));
}

describe.each(pages)('docs/quick-start/$page', ({ page, text }) => {
  const needsPython = text.includes('--language python');

  it.skipIf(needsPython && !python)(
    'has commands that do what they say, in their order',
    { timeout: 900_000 },
    async () => {
      const cwd = await testFolder();
      mkdirSync(join(cwd, 'footage'));
      const clip = await drawClip(cwd);
      cpSync(clip, join(cwd, 'site.mp4'));
      // The page of the platform's operators begins where a team has a workload.
      if (page === 'operators.md') await stepreel(['init', 'my-model', '--language', 'ts'], { cwd });
      let server: DevServer | undefined;
      const commands = commandsOf(text);
      expect(commands.length).toBeGreaterThan(4);
      for (const args of commands) {
        if (args[0] === 'dev') {
          await server?.stop();
          server = await startDevServer(cwd, args.slice(1));
          continue;
        }
        const env = server ? { STEPREEL_API: server.url } : {};
        const ended = await stepreel(args, { cwd, env });
        // A rollback of the first version has nothing to go back to, and what a doctor finds is the machine's affair.
        if (args[0] === 'rollback') expect(ended.stderr).toContain('there is nothing to go back to');
        else if (args[0] !== 'doctor') expect(ended, args.join(' ')).toMatchObject({ code: 0 });
      }
      await server?.stop();
    },
  );
});
