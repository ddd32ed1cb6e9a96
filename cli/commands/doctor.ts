import type { Command } from 'commander';

/** `stepreel doctor` */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what is installed, which versions, and what is missing with its remedy')
    .addHelpText('after', '\nExample:\n  stepreel doctor')
    .action(async () => {
      const { examine } = await import('../doctor.ts');
      let unwell = false;
      for await (const finding of examine()) {
        unwell ||= !finding.well;
        if (program.opts().json === true) process.stdout.write(`${JSON.stringify(finding)}\n`);
        else
          process.stdout.write(
            `${finding.well ? '✓' : '✗'} ${finding.what.padEnd(20)} ${finding.found}\n${finding.remedy ? `  → ${finding.remedy}\n` : ''}`,
          );
      }
      if (unwell) process.exitCode = 69;
    });
}
