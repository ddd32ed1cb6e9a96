import { html, nothing, type TemplateResult } from 'lit';
import { read, send } from '../api.ts';
import type { Job, Validation, Workload, Workloads } from '../api-types.ts';
import { bytes, money, seconds } from '../format.ts';
import { jobHref } from '../routes.ts';
import { type Fault, formFields, readForm, type Schema } from '../schema-form.ts';
import { uploadFile } from '../upload.ts';
import { View } from '../view.ts';

const PRIORITIES = ['high', 'normal', 'low'];

/** A job of a file that is dropped here, or of one that the platform can read already. */
class SubmitPage extends View {
  static override properties = { query: { attribute: false } };
  declare query: string;

  private workloads: Workloads['workloads'] = [];
  private workload: Workload | undefined;
  private files: File[] = [];
  private faults: Fault[] = [];
  private quote: Validation['quote'] | undefined;
  private sending: { name: string; sent: number; size: number } | undefined;
  private isOver = false;
  private stop = new AbortController();
  // One key for one wish: a second click makes no second job.
  private key = crypto.randomUUID();

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Submit · Stepreel';
    void this.attempt(async () => {
      this.workloads = (await read<Workloads>('workloads')).workloads;
      const wanted = new URLSearchParams(this.query).get('workload') ?? this.workloads[0]?.name;
      if (wanted !== undefined) await this.choose(wanted);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop.abort();
  }

  private async choose(name: string): Promise<void> {
    this.workload = await read<Workload>(`workloads/${name}`);
    [this.faults, this.quote] = [[], undefined];
  }

  private take(files: Iterable<File> | null | undefined): void {
    const taken = [...(files ?? [])];
    if (taken.length === 0) return;
    this.files = (this.workload?.input.max ?? 1) > 1 ? [...this.files, ...taken] : taken.slice(0, 1);
    this.key = crypto.randomUUID();
    this.requestUpdate();
  }

  private onDrop(event: DragEvent): void {
    event.preventDefault();
    this.isOver = false;
    this.take(event.dataTransfer?.files);
    this.requestUpdate();
  }

  private onDrag(event: DragEvent, isOver: boolean): void {
    event.preventDefault();
    this.isOver = isOver;
    this.requestUpdate();
  }

  private orderOf(form: HTMLFormElement): Record<string, unknown> | undefined {
    const { values, faults } = readForm(form, this.workload!.params as Schema);
    this.faults = faults;
    this.requestUpdate();
    if (faults.length > 0) return undefined;
    const of = (name: string) => String(new FormData(form).get(name) ?? '').trim();
    const project = of('order-project');
    return {
      workload: this.workload!.name,
      params: values,
      priority: of('order-priority'),
      ...(project === '' ? {} : { project }),
      input: of('order-input')
        .split('\n')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    };
  }

  private async onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.sending) return;
    const form = event.target as HTMLFormElement;
    const order = this.orderOf(form);
    if (!order) return;
    if ((event.submitter as HTMLButtonElement | null)?.value === 'check') {
      await this.attempt(async () => {
        this.quote = (await send<Validation>('jobs?validateOnly=true', order)).quote;
      });
      return;
    }
    await this.attempt(async () => {
      const input = [...(order.input as string[])];
      for (const file of this.files) input.push(await this.upload(file));
      const job = await send<Job>('jobs', { ...order, input }, this.key);
      location.hash = jobHref(job.id);
    });
    this.sending = undefined;
    this.requestUpdate();
  }

  private async upload(file: File): Promise<string> {
    const onSent = (sent: number) => {
      this.sending = { name: file.name, sent: Math.min(sent, file.size), size: file.size };
      this.requestUpdate();
    };
    onSent(0);
    return await uploadFile(file, onSent, this.stop.signal);
  }

  protected override render(): TemplateResult {
    const { workload } = this;
    if (!workload) return html`<h1>Submit a job</h1>${this.pending()}`;
    const options = this.workloads.map(
      ({ name, title }) => html`<option value=${name} ?selected=${name === workload.name}>${title} (${name})</option>`,
    );
    return html`<h1>Submit a job</h1>
      <form @submit=${this.onSubmit} @input=${() => (this.key = crypto.randomUUID())}>
        <label>Workload <select @change=${(event: Event) => this.attempt(() => this.choose((event.target as HTMLSelectElement).value))}>${options}</select></label>
        <p>${workload.description}</p>
        ${this.inputFields(workload)}
        <fieldset><legend>Parameters</legend>${formFields(workload.params as Schema, {}, this.faults)}</fieldset>
        <fieldset><legend>Order</legend><div class="fields">
          <div class="field"><label for="order-project">Project</label><input id="order-project" name="order-project" maxlength="100"></div>
          <div class="field"><label for="order-priority">Priority</label><select id="order-priority" name="order-priority">${PRIORITIES.map(
            (one) => html`<option ?selected=${one === 'normal'}>${one}</option>`,
          )}</select></div>
        </div></fieldset>
        ${this.refusal()} ${this.sendingLine()} ${this.quoteLine()}
        <button ?disabled=${this.sending !== undefined}>Submit</button>
        <button class="second" value="check" ?disabled=${this.files.length > 0}>Check and price</button>
      </form>`;
  }

  private inputFields({ input: { max, endings } }: Workload): TemplateResult {
    const accepted = endings.join(', ');
    return html`<fieldset><legend>Input</legend>
      <div class=${this.isOver ? 'drop over' : 'drop'} @drop=${this.onDrop} @dragover=${(event: DragEvent) => this.onDrag(event, true)} @dragleave=${(event: DragEvent) => this.onDrag(event, false)}>
        <label for="files">Drop ${max > 1 ? 'files' : 'a file'} here, or choose</label>
        <input id="files" type="file" accept=${endings.join(',')} ?multiple=${max > 1} aria-describedby="files-help"
          @change=${(event: Event) => this.take((event.target as HTMLInputElement).files)}>
        <small id="files-help">${accepted === '' ? 'Any file' : `Expected: ${accepted}`}</small>
        ${
          this.files.length === 0
            ? nothing
            : html`<ul class="chosen">${this.files.map(
                (file) => html`<li>${file.name} <small>${bytes(file.size)}</small>
            <button type="button" class="plain" aria-label=${`Leave out ${file.name}`} @click=${() => this.leaveOut(file)}>✕</button></li>`,
              )}</ul>`
        }
      </div>
      <div class="field"><label for="order-input">Or where it lies</label>
        <textarea id="order-input" name="order-input" rows="1" spellcheck="false" placeholder="s3://bucket/file.mp4, or a path below an input root"></textarea></div>
    </fieldset>`;
  }

  private leaveOut(file: File): void {
    this.files = this.files.filter((one) => one !== file);
    this.requestUpdate();
  }

  private sendingLine(): TemplateResult {
    if (!this.sending) return html`<div role="status"></div>`;
    const { name, sent, size } = this.sending;
    return html`<div role="status">Sending ${name} <progress max=${size} value=${sent} aria-label=${`Sending ${name}`}></progress> ${bytes(sent)} of ${bytes(size)}</div>`;
  }

  private quoteLine(): TemplateResult | typeof nothing {
    if (!this.quote) return nothing;
    const { seconds: time, usd, basis, wait } = this.quote;
    return html`<p class="card">It would be accepted. Likely ${seconds(time.likely)} and <strong>${money(usd.likely)}</strong>
      (${money(usd.low)} to ${money(usd.high)}; ${basis.how}). ${wait.reason}</p>`;
  }
}

customElements.define('submit-page', SubmitPage);
