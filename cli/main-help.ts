/** What stands below the list of commands: how to begin, and what the commands agree on. */
export const MAIN_HELP = `
Examples, on this machine:
  stepreel run dataset --example                      draw a clip and make a dataset of it
  stepreel run dataset --input site.mp4 --output out  a dataset of your own video
  stepreel run dataset --input site.mp4 --dry-run     what would be done, with frame counts
  stepreel verify out                                 is the result what its manifest says?
  stepreel doctor                                     what is installed and what is missing

Examples, with the jobs API:
  stepreel dev                                        serve it here; then, in another terminal:
  stepreel submit dataset --input site.mp4            hand a job in; prints its id
  stepreel watch dataset-0f3a                         follow it until it has ended
  stepreel results dataset-0f3a --download out        fetch its files, and check them

Exit codes:
  0   done                               70  a bug of ours, or of a step
  64  the command or the job is wrong    71  memory or disk ran out
  65  the media can't be worked on       75  not now: try again later
  66  there is no such input             78  a setting or a model is wrong
  69  a tool or the API is not there

Environment:
  STEPREEL_API      address of the API, as --api
  STEPREEL_API_KEY  your team's key for an API on AWS
  NO_COLOR          anything: no colours

An option's unit stands with it: seconds, bits, MiB. stepreel <command> --help shows examples.`;
