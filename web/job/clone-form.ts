import { html, nothing, type TemplateResult } from 'lit';
import { read, send } from '../api.ts';
import type { Again, DoneAgain, Job, Workload } from '../api-types.ts';
import { value } from '../format.ts';
import { jobHref } from '../routes.ts';
import { type Fault, formFields, readForm, type Schema } from '../schema-form.ts';
import { View } from '../view.ts';
import { outlookBlock } from './outlook.ts';

/** The parameters of a job, to be changed; beside them what differs, what is taken over, and what the rest costs. */
class CloneForm extends View {
  static override properties = { job: { attribute: false } };
  declare job: Job;

  private schema: Schema | undefined;
  private changes: Record<string, unknown> = {};
  private faults: Fault[] = [];
  private outlook: Again | undefined;
  // One key for one wish: a second click makes no second job.
  private key = crypto.randomUUID();
  private timer: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(async () => {
      this.schema = (await read<Workload>(`workloads/${this.job.workload}`)).params as Schema;
      await this.explain();
    });
  }

  private get path(): string {
    return `jobs/${encodeURIComponent(this.job.id)}/clone`;
  }

  private async explain(): Promise<void> {
    this.outlook = await send<Again>(`${this.path}?explain=true`, { params: this.changes });
  }

  private onInput(event: Event): void {
    const { values, faults } = readForm(event.currentTarget as HTMLFormElement, this.schema!);
    this.faults = faults;
    this.key = crypto.randomUUID();
    this.changes = changesOf(this.job.params, values, this.schema!);
    this.requestUpdate();
    clearTimeout(this.timer);
    if (faults.length === 0) this.timer = setTimeout(() => void this.attempt(() => this.explain()), 400);
  }

  private async onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.faults.length > 0) return;
    await this.attempt(async () => {
      const done = await send<DoneAgain>(this.path, { params: this.changes }, this.key);
      location.hash = jobHref(done.id);
    });
  }

  protected override render(): TemplateResult {
    if (!this.schema) return this.pending();
    return html`<h2>Clone with changes</h2>
      <form @input=${this.onInput} @submit=${this.onSubmit}>
        ${formFields(this.schema, this.job.params, this.faults)}
        ${this.comparison()} ${this.refusal()}
        ${this.outlook ? outlookBlock(this.outlook) : nothing}
        <button ?disabled=${this.faults.length > 0}>Submit the clone</button>
      </form>`;
  }

  private comparison(): TemplateResult {
    const names = Object.keys(this.changes);
    if (names.length === 0) return html`<p>Nothing is changed yet: all that was done is taken over.</p>`;
    const before = this.job.params;
    const usual = (name: string) => this.schema!.properties?.[name]?.default;
    const shown = (one: unknown, name: string) => value(one ?? usual(name)) || 'not set';
    return html`<div class="wide" tabindex="0" role="group" aria-label="What differs"><table><caption>What differs</caption>
      <thead><tr><th scope="col">Parameter</th><th scope="col">In the job</th><th scope="col">In the clone</th></tr></thead>
      <tbody>${names.map(
        (name) =>
          html`<tr><th scope="row">${name}</th><td><del>${shown(before[name], name)}</del></td><td><ins>${shown(this.changes[name], name)}</ins></td></tr>`,
      )}</tbody></table></div>`;
  }
}

/** What is other than in the job; null takes a parameter out, so that the workload's own holds. */
export function changesOf(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  { properties = {} }: Schema,
): Record<string, unknown> {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => {
    const usual = properties[name]?.default;
    return !same(before[name] ?? usual, after[name] ?? usual);
  });
  return Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
}

customElements.define('clone-form', CloneForm);
