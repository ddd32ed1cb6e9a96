import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { ApiFailure } from './api.ts';
import type { Problem } from './api-types.ts';

/** A part of the page. It draws into the document itself, so that one style and one set of labels hold for all. */
export abstract class View extends LitElement {
  protected problem: Problem | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Does what may be refused, and shows the refusal. @returns whether it was done. */
  protected async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.problem = undefined;
      return true;
    } catch (thrown) {
      if ((thrown as Error).name === 'AbortError') return false;
      if (!(thrown instanceof ApiFailure)) throw thrown;
      if (thrown.needsKey) this.dispatchEvent(new CustomEvent('needs-key', { bubbles: true }));
      this.problem = thrown.problem;
      return false;
    } finally {
      this.requestUpdate();
    }
  }

  protected refusal(): TemplateResult | typeof nothing {
    return this.problem ? problemBlock(this.problem) : nothing;
  }

  /** What stands there until something has been read, or was refused. */
  protected pending(what?: string): TemplateResult {
    if (this.problem) return problemBlock(this.problem);
    return html`<p class="reading">${what === undefined ? 'Reading…' : `Reading ${what}…`}</p>`;
  }
}

export function problemBlock({ title, detail, hint, problems }: Problem): TemplateResult {
  return html`<div class="problem" role="alert">
    <strong>${title}</strong>
    <p>${problems ? detail.split('\n')[0] : detail}</p>
    ${problems ? html`<ul>${problems.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}
    <p class="hint">${hint}</p>
  </div>`;
}
