import type { Command } from 'commander';
import type { ReportOptions } from '../report-files.ts';

/** `stepreel report --coco FILE --output DIR` */
export function addReport(program: Command): void {
  program
    .command('report')
    .description('write report.html, report.md and stats.json about a COCO file')
    .requiredOption('--coco <file>', 'a COCO file')
    .requiredOption('--output <dir>', 'a new or empty folder')
    .option('--images <dir>', "where the file's pictures lie (default: the file's folder)")
    .addHelpText('after', '\nExample:\n  stepreel report --coco out/annotations.coco.json --output report')
    .action(async (options: ReportOptions) =>
      (await import('../report-files.ts')).reportFiles(options, program.opts().json === true),
    );
}
