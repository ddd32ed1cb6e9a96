import { html, type TemplateResult } from 'lit';
import { read } from '../api.ts';
import type { Usage } from '../api-types.ts';
import { moment, money, words } from '../format.ts';
import { View } from '../view.ts';

const GROUPS: Usage['by'][] = ['project', 'workload'];

/** What the team's jobs took between two days, and what that costs. */
class UsagePage extends View {
  private usage: Usage | undefined;
  private asked: Record<string, string> = { by: 'project' };

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Usage · Stepreel';
    void this.load();
  }

  private async load(): Promise<void> {
    await this.attempt(async () => {
      this.usage = await read<Usage>(`usage?${new URLSearchParams(this.asked)}`);
    });
  }

  private onChange(event: Event): void {
    const entries = Array.from(new FormData(event.currentTarget as HTMLFormElement), ([name, one]) => [
      name,
      String(one),
    ]);
    this.asked = Object.fromEntries(entries.filter(([, one]) => one !== ''));
    void this.load();
  }

  protected override render(): TemplateResult {
    return html`<h1>Usage</h1>
      <form class="filters" @change=${this.onChange} @submit=${(event: Event) => event.preventDefault()}>
        <label>From <input type="date" name="from"></label>
        <label>To <input type="date" name="to"></label>
        <label>By <select name="by">${GROUPS.map((one) => html`<option value=${one}>${words(one)}</option>`)}</select></label>
      </form>
      ${this.usage ? html`${this.refusal()}${usageTable(this.usage)}` : this.pending()}`;
  }
}

function usageTable({ team, from, to, by, rows, total, recordedSince }: Usage): TemplateResult {
  if (rows.length === 0)
    return html`<div class="empty"><p>Nothing was used.</p><p>No job of team ${team} ended from ${moment(from)} to ${moment(to)}; recorded since ${moment(recordedSince)}.</p></div>`;
  const most = Math.max(...rows.map(({ usd }) => usd), Number.MIN_VALUE);
  const row = ({ name, jobs, vcpuSeconds, gpuSeconds, usd }: Usage['total']) => html`<tr><th scope="row">${name}</th>
    <td class="number">${jobs}</td><td class="number">${(vcpuSeconds / 3600).toFixed(2)}</td><td class="number spare">${(gpuSeconds / 3600).toFixed(2)}</td>
    <td class="number">${money(usd)}</td><td class="spare"><meter min="0" max=${most} value=${Math.min(usd, most)} aria-label=${`${name}: ${money(usd)}`}></meter></td></tr>`;
  return html`<p>Team ${team}, jobs that ended from ${moment(from)} to ${moment(to)}; recorded since ${moment(recordedSince)}. By list prices, also where nothing is paid.</p>
    <div class="wide"><table>
      <thead><tr><th scope="col">${words(by)}</th><th scope="col" class="number">Jobs</th><th scope="col" class="number">vCPU hours</th><th scope="col" class="number spare">GPU hours</th><th scope="col" class="number">Cost</th><th scope="col" class="spare">Share</th></tr></thead>
      <tbody>${rows.map(row)}</tbody><tfoot>${row({ ...total, name: 'Together' })}</tfoot></table></div>`;
}

customElements.define('usage-page', UsagePage);
