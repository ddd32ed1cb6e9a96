import type { Command } from 'commander';

/** `stepreel verify DIR` */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check a result against its manifest: every file there, unchanged, and nothing else')
    .argument('<dir>', "a result's folder")
    .addHelpText('after', '\nExample:\n  stepreel verify out')
    .action(async (folder: string) => {
      const { verifyResult } = await import('#jobs/verify');
      const { problems, files, outcome } = await verifyResult(folder);
      const json = program.opts().json === true;
      if (json) process.stdout.write(`${JSON.stringify({ event: 'verified', folder, outcome, files, problems })}\n`);
      else if (problems.length === 0)
        process.stdout.write(`${folder}: ${outcome}, ${files} files, all as the manifest says\n`);
      else
        process.stderr.write(
          `${folder}: ${problems.length} differences\n${problems.map((problem) => `  ${problem}\n`).join('')}`,
        );
      if (problems.length > 0) process.exitCode = 65;
    });
}
