import type { FailureKind } from '#core/failure';

/** What each kind of failure is called to a person. */
const KINDS: Record<FailureKind, string> = {
  input: 'what was sent can not be worked on',
  quota: 'a limit of the team or the account was reached',
  capacity: 'there was no machine',
  interrupted: 'the work was stopped from outside',
  memory: 'the memory was too small',
  time: 'it took too long',
  disk: 'the disk was too small',
  model: 'the model is at fault',
  code: 'the step is at fault',
  platform: 'something under the step failed',
};

export interface Explained {
  actor: string;
  explanation?: { kind: FailureKind; evidence: string[]; retryHelps: boolean; actor: string; next: string } | undefined;
}

/** Why a job failed and what to do, as lines of facts. */
export function whyFacts({ actor, explanation }: Explained): [string, string][] {
  if (!explanation) return [['who can act', actor]];
  const { kind, evidence, retryHelps, next } = explanation;
  return [
    ['kind', `${kind}: ${KINDS[kind]}`],
    ...evidence.map((sentence, index): [string, string] => [index === 0 ? 'evidence' : '', sentence]),
    ['who can act', explanation.actor],
    ['retry helps', retryHelps ? 'yes' : 'no'],
    ['next', next],
  ];
}

/** The evidence that says more than the error itself: of a refusal or a model's fault the message has said all. */
export function evidenceOf({
  explanation,
}: {
  explanation?: { kind: FailureKind; evidence: string[] } | undefined;
}): string[] {
  return !explanation || ['input', 'model'].includes(explanation.kind) ? [] : explanation.evidence;
}
