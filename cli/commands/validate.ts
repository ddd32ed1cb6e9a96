import type { Command } from 'commander';

/** `stepreel validate --video FILE` */
export function addValidate(program: Command): void {
  program
    .command('validate')
    .description('is this file a video that a dataset can be made of?')
    .requiredOption('--video <file>', 'a video file')
    .addHelpText('after', '\nExample:\n  stepreel validate --video site.mp4')
    .action(async ({ video }: { video: string }) => {
      const { readVideo } = await import('../video-file.ts');
      const { media, track } = await readVideo(video);
      if (program.opts().json === true)
        process.stdout.write(`${JSON.stringify({ event: 'valid', file: video, media })}\n`);
      else {
        process.stdout.write(
          `${video}: ${media.container}, ${track.codec}, ${track.width}x${track.height}, ${media.durationSeconds?.toFixed(2) ?? 'unknown'} s, ${track.frameCount ?? 'an unknown number of'} frames\n`,
        );
      }
    });
}
