import { html, nothing, type TemplateResult } from 'lit';
import { send } from '../api.ts';
import type { Again, DoneAgain, Job, Share } from '../api-types.ts';
import { isSettled } from '../badge.ts';
import { moment } from '../format.ts';
import { jobHref } from '../routes.ts';
import { View } from '../view.ts';
import './clone-form.ts';
import { outlookBlock } from './outlook.ts';

type Asked = 'cancel' | 'redrive' | 'clone' | 'share';

/** What can be done with a job. Nothing is done before it has been said what it would do. */
class JobActions extends View {
  static override properties = { job: { attribute: false } };
  declare job: Job;

  private asked: Asked | undefined;
  private outlook: Again | undefined;
  private share: Share | undefined;
  private isBusy = false;

  private get path(): string {
    return `jobs/${encodeURIComponent(this.job.id)}`;
  }

  private async open(asked: Asked): Promise<void> {
    this.asked = this.asked === asked ? undefined : asked;
    [this.outlook, this.share, this.problem] = [undefined, undefined, undefined];
    this.requestUpdate();
    if (this.asked === 'redrive') {
      await this.attempt(async () => {
        this.outlook = await send<Again>(`${this.path}/redrive?explain=true`);
      });
    }
  }

  private async act(work: () => Promise<unknown>): Promise<void> {
    this.isBusy = true;
    const isDone = await this.attempt(work);
    this.isBusy = false;
    if (isDone) {
      this.asked = undefined;
      this.dispatchEvent(new CustomEvent('changed', { bubbles: true }));
    }
    this.requestUpdate();
  }

  private readonly cancel = () => this.act(() => send(`${this.path}/cancel`));

  private readonly redrive = () =>
    this.act(async () => {
      const done = await send<DoneAgain>(`${this.path}/redrive`);
      if (done.id !== this.job.id) location.hash = jobHref(done.id);
    });

  private async onShare(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const hours = Number(new FormData(event.target as HTMLFormElement).get('hours'));
    await this.attempt(async () => {
      this.share = await send<Share>(`${this.path}/share`, { hours });
    });
  }

  protected override render(): TemplateResult {
    const { status } = this.job;
    const failed = ['FAILED', 'TIMED_OUT', 'REJECTED', 'CANCELED'].includes(status);
    const button = (asked: Asked, name: string) =>
      html`<button type="button" aria-expanded=${this.asked === asked} @click=${() => this.open(asked)}>${name}</button>`;
    return html`<div class="actions">
        ${isSettled(status) || status === 'CANCELING' ? nothing : button('cancel', 'Cancel…')}
        ${failed ? button('redrive', 'Redrive…') : nothing}
        ${button('clone', 'Clone…')} ${button('share', 'Share…')}
      </div>
      ${this.asked ? html`<div class="card">${this.refusal()}${this.panel(this.asked)}</div>` : nothing}`;
  }

  private panel(asked: Asked): TemplateResult {
    if (asked === 'clone') return html`<clone-form .job=${this.job}></clone-form>`;
    if (asked === 'share') return this.sharePanel();
    if (asked === 'cancel') {
      return html`<p>The work ends at once; what its finished steps did is kept, and a clone takes it over.</p>
        <button type="button" class="danger" ?disabled=${this.isBusy} @click=${this.cancel}>Cancel the job</button>`;
    }
    if (!this.outlook) return html`<p>${this.problem ? nothing : 'Looking at what is left to do…'}</p>`;
    const because = this.outlook.because;
    return html`<h2>${this.outlook.way === 'redrive' ? 'Start again where it failed' : 'A new job takes over what is done'}</h2>
      ${because ? html`<p>${because}</p>` : nothing} ${outlookBlock(this.outlook)}
      <button type="button" ?disabled=${this.isBusy} @click=${this.redrive}>${this.outlook.way === 'redrive' ? 'Redrive' : 'Clone'}</button>`;
  }

  private sharePanel(): TemplateResult {
    if (this.share) {
      const address = new URL(this.share.links.page, location.href).href;
      return html`<label>Whoever has this link can look at the job until ${moment(this.share.expiresAt)}
          <input class="link" readonly .value=${address} @focus=${(event: Event) => (event.target as HTMLInputElement).select()}></label>
        <p><a href=${address}>Follow it</a></p>`;
    }
    return html`<form @submit=${this.onShare}>
      <label>It can be followed for <select name="hours"><option value="1">an hour</option><option value="24" selected>a day</option>
        <option value="168">a week</option><option value="720">30 days</option></select></label>
      <button>Make a link</button></form>`;
  }
}

customElements.define('job-actions', JobActions);
