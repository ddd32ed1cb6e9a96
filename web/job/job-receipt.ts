import { html, nothing, type TemplateResult } from 'lit';
import { read } from '../api.ts';
import type { Job, Receipt } from '../api-types.ts';
import { money, seconds } from '../format.ts';
import { View } from '../view.ts';

/** What a job took, step by step, and what that costs. */
class JobReceipt extends View {
  static override properties = { job: { attribute: false } };
  declare job: Job;

  private receipt: Receipt | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('job') as Job | undefined;
    if (changed.has('job') && before?.status !== this.job.status) void this.load();
  }

  private async load(): Promise<void> {
    await this.attempt(async () => {
      this.receipt = await read<Receipt>(`jobs/${encodeURIComponent(this.job.id)}/receipt`);
    });
  }

  protected override render(): TemplateResult {
    if (!this.receipt) return this.pending();
    const { steps, cost, reused } = this.receipt;
    const total = cost
      ? html`<p><strong>${money(cost.usd)}</strong> by the list prices of ${cost.prices} (${cost.paid}):
          ${Math.round(cost.vcpuSeconds)} vCPU seconds, ${Math.round(cost.gpuSeconds)} GPU seconds, ${Math.round(cost.gbSeconds)} GB seconds.</p>`
      : html`<p>What it costs is there once the job has ended.</p>`;
    return html`${total}
      ${reused.length > 0 ? html`<p>Taken over: ${reused.map(({ step, from }) => `${step} from ${from}`).join(', ')}.</p>` : nothing}
      <div class="wide" tabindex="0" role="group" aria-label="Receipt"><table>
      <thead><tr><th scope="col">Step</th><th scope="col">Parts</th><th scope="col">Attempts</th><th scope="col">Took</th><th scope="col">CPU</th><th scope="col">Memory at most</th><th scope="col">Cost</th></tr></thead>
      <tbody>${steps.map(
        ({ step, parts, attempts, seconds: time, cpuSeconds, peakMemoryMiB }) => html`<tr><th scope="row">${step}</th>
          <td class="number">${parts}</td><td class="number">${attempts}</td><td class="number">${seconds(time)}</td>
          <td class="number">${seconds(cpuSeconds)}</td><td class="number">${Math.round(peakMemoryMiB)} MiB</td>
          <td class="number">${cost?.steps?.[step] === undefined ? '' : money(cost.steps[step])}</td></tr>`,
      )}</tbody></table></div>`;
  }
}

customElements.define('job-receipt', JobReceipt);
