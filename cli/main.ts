import { Command, CommanderError } from 'commander';
import { addBatch } from './commands/batch.ts';
import { addCancel } from './commands/cancel.ts';
import { addClone } from './commands/clone.ts';
import { addContract } from './commands/contract.ts';
import { addDetect } from './commands/detect.ts';
import { addDev } from './commands/dev.ts';
import { addDlq } from './commands/dlq.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import { addExtract } from './commands/extract.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addLogs } from './commands/logs.ts';
import { addModels } from './commands/models.ts';
import { addPreprocess } from './commands/preprocess.ts';
import { addQc } from './commands/qc.ts';
import { addQueue } from './commands/queue.ts';
import { addQuote } from './commands/quote.ts';
import { addReceipt } from './commands/receipt.ts';
import { addRedrive } from './commands/redrive.ts';
import { addRegister } from './commands/register.ts';
import { addReport } from './commands/report.ts';
import { addResults } from './commands/results.ts';
import { addRun } from './commands/run.ts';
import { addStatus } from './commands/status.ts';
import { addStep } from './commands/step.ts';
import { addSubmit } from './commands/submit.ts';
import { addUpload } from './commands/upload.ts';
import { addUsage } from './commands/usage.ts';
import { addValidate } from './commands/validate.ts';
import { addVerify } from './commands/verify.ts';
import { addWatch } from './commands/watch.ts';
import { addWorkloads } from './commands/workloads.ts';
import { fail } from './exit.ts';
import { MAIN_HELP } from './main-help.ts';
import { version } from './version.ts';

// The reader of a pipe may leave early, as `head` does: that is not an error of ours.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 74));

const program = new Command('stepreel')
  .description('Runs media-ML jobs: a video in, a result that can be verified out.')
  .version(version())
  .option('--json', 'print JSON lines on stdout, and nothing else')
  .showHelpAfterError('(stepreel --help lists the commands)')
  .exitOverride()
  // Each command's help tells of --json too.
  .configureHelp({ showGlobalOptions: true })
  .addHelpText('after', MAIN_HELP);

program.commandsGroup('On this machine:');
for (const add of [
  addRun,
  addValidate,
  addExtract,
  addPreprocess,
  addDetect,
  addReport,
  addStep,
  addVerify,
  addWorkloads,
  addModels,
  addInit,
  addContract,
  addRegister,
  addQc,
  addDoctor,
]) {
  add(program);
}

program.commandsGroup('With the jobs API:');
for (const add of [
  addDev,
  addSubmit,
  addBatch,
  addUpload,
  addStatus,
  addWatch,
  addList,
  addEvents,
  addLogs,
  addResults,
  addCancel,
  addRedrive,
  addClone,
  addQuote,
  addReceipt,
  addUsage,
  addQueue,
  addDlq,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (thrown) {
  // Commander has printed its own message, and help is not a mistake.
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : 64;
  else process.exitCode = fail(thrown, program.opts().json === true);
}
