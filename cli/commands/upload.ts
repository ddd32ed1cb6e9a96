import type { Command } from 'commander';
import { addApiOption } from '../api-options.ts';
import type { UploadOptions } from '../upload-files.ts';

/** `stepreel upload FILE...` */
export function addUpload(program: Command): void {
  const command = program
    .command('upload')
    .description('send files to an API; what names each as an input goes to stdout')
    .argument('<file...>', 'files of this machine')
    .option(
      '--submit <workload>',
      'submit a job with each file as soon as it is there; the ids of the jobs go to stdout',
    )
    .option('-p, --param <name=value...>', 'a parameter of the jobs: every=5')
    .option('--params <file>', 'parameters of the jobs as a JSON file')
    .option('--project <name>', 'what the jobs are for')
    .option('--resume <id>', 'go on with an upload in parts that stopped');
  addApiOption(command)
    .addHelpText(
      'after',
      `
A large file goes in parts, several at a time; one that does not arrive is sent again.

Examples:
  stepreel upload site.mp4
  stepreel upload monday/*.mp4 --submit dataset --param every=5`,
    )
    .action(async (files: string[], options: UploadOptions) =>
      (await import('../upload-files.ts')).uploadFiles(files, options, program.opts().json === true),
    );
}
