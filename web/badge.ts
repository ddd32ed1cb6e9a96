import { html, type TemplateResult } from 'lit';
import type { Job } from './api-types.ts';
import { words } from './format.ts';

/** How a state is coloured: told by its sign and its word, too. */
const TONES: Record<Job['status'], { tone: string; sign: string }> = {
  QUEUED: { tone: 'waiting', sign: '◷' },
  STARTING: { tone: 'waiting', sign: '◷' },
  RUNNING: { tone: 'running', sign: '▶' },
  SUCCEEDED: { tone: 'good', sign: '✓' },
  PARTIAL: { tone: 'partial', sign: '◐' },
  FAILED: { tone: 'bad', sign: '✕' },
  REJECTED: { tone: 'bad', sign: '⊘' },
  TIMED_OUT: { tone: 'bad', sign: '⧖' },
  CANCELING: { tone: 'ended', sign: '■' },
  CANCELED: { tone: 'ended', sign: '■' },
  EXPIRED: { tone: 'ended', sign: '–' },
};

export const STATES = Object.keys(TONES) as Job['status'][];

export function toneOf(status: Job['status']): string {
  return TONES[status].tone;
}

export function badge(status: Job['status']): TemplateResult {
  const { tone, sign } = TONES[status];
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${words(status)}</span>`;
}

export function isSettled(status: Job['status']): boolean {
  return !['QUEUED', 'STARTING', 'RUNNING', 'CANCELING'].includes(status);
}
