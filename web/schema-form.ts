import { html, nothing, type TemplateResult } from 'lit';

/** As much of JSON Schema as a form can be made of; anything else is written as JSON. */
export interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  maxLength?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

/** What can't be read from a field. */
export interface Fault {
  name: string;
  message: string;
}

type Kind = 'choice' | 'switch' | 'number' | 'text' | 'list' | 'json';

function kindOf({ type, enum: choices, items }: Schema): Kind {
  if (choices?.every((one) => typeof one === 'string' || typeof one === 'number')) return 'choice';
  if (type === 'boolean') return 'switch';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'string') return 'text';
  return type === 'array' && items?.type === 'string' && !items.enum ? 'list' : 'json';
}

/** A field for each parameter, with its help, and filled in as far as `values` or the schema's defaults say. */
export function formFields(schema: Schema, values: Record<string, unknown> = {}, faults: Fault[] = []): TemplateResult {
  const fields = Object.entries(schema.properties ?? {}).map(([name, part]) => {
    const fault = faults.find((one) => one.name === name)?.message;
    return field(name, part, values[name] ?? part.default, fault);
  });
  return html`<div class="fields">${fields.length === 0 ? html`<p>This workload takes no parameters.</p>` : fields}</div>`;
}

function field(name: string, schema: Schema, value: unknown, fault: string | undefined): TemplateResult {
  const id = `param-${name}`;
  const help = schema.description === undefined ? nothing : html`<small id="${id}-help">${schema.description}</small>`;
  const wrong = fault === undefined ? nothing : html`<small class="fault" role="alert">${fault}</small>`;
  const described = schema.description === undefined ? nothing : `${id}-help`;
  const label = html`<label for=${id}>${name}</label>`;
  const input = control(id, name, schema, value, described);
  const both =
    kindOf(schema) === 'switch' ? html`<span class="switch">${input}${label}</span>` : html`${label}${input}`;
  return html`<div class="field">${both}${help}${wrong}</div>`;
}

function control(id: string, name: string, schema: Schema, value: unknown, described: unknown): TemplateResult {
  const kind = kindOf(schema);
  if (kind === 'choice') {
    const none = schema.default === undefined ? html`<option value=""></option>` : nothing;
    return html`<select id=${id} name=${name} aria-describedby=${described}>${none}${schema.enum!.map(
      (one) => html`<option value=${String(one)} ?selected=${one === value}>${String(one)}</option>`,
    )}</select>`;
  }
  if (kind === 'switch') {
    return html`<input id=${id} name=${name} type="checkbox" .checked=${value === true} aria-describedby=${described}>`;
  }
  if (kind === 'number') {
    const step = schema.type === 'integer' ? '1' : 'any';
    return html`<input id=${id} name=${name} type="number" step=${step} min=${schema.minimum ?? nothing} max=${schema.maximum ?? nothing}
      .value=${value === undefined ? '' : String(value)} aria-describedby=${described}>`;
  }
  if (kind === 'text') {
    return html`<input id=${id} name=${name} .value=${value === undefined ? '' : String(value)} aria-describedby=${described}>`;
  }
  if (kind === 'list') {
    const text = Array.isArray(value) ? value.join(', ') : '';
    return html`<input id=${id} name=${name} .value=${text} placeholder="With commas between" aria-describedby=${described}>`;
  }
  const text = value === undefined ? '' : JSON.stringify(value, null, 1);
  return html`<textarea id=${id} name=${name} rows="3" spellcheck="false" placeholder="JSON" .value=${text} aria-describedby=${described}></textarea>`;
}

/** What the form says, without what is as the workload has it anyway. */
export function readForm(form: HTMLFormElement, schema: Schema): { values: Record<string, unknown>; faults: Fault[] } {
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const element = form.elements.namedItem(name) as HTMLInputElement | null;
    if (!element) continue;
    const read = readField(element.type === 'checkbox' ? element.checked : element.value, part);
    if ('fault' in read) faults.push({ name, message: read.fault });
    else if (JSON.stringify(read.value) !== JSON.stringify(part.default)) values[name] = read.value;
  }
  return { values, faults };
}

/** What a field's text stands for; `value: undefined` where nothing was given. */
export function readField(given: string | boolean, schema: Schema): { value: unknown } | { fault: string } {
  if (typeof given === 'boolean') return { value: given || schema.default !== undefined ? given : undefined };
  const text = given.trim();
  if (text === '') return { value: undefined };
  const kind = kindOf(schema);
  if (kind === 'choice') return { value: schema.enum!.find((one) => String(one) === text) };
  if (kind === 'number') return numberOf(text, schema);
  if (kind === 'list') return { value: text.split(',').map((one) => one.trim()) };
  if (kind === 'text') return { value: given };
  try {
    return { value: JSON.parse(text) };
  } catch (thrown) {
    return { fault: `This is not JSON: ${(thrown as Error).message}` };
  }
}

function numberOf(text: string, { type, minimum = -Infinity, maximum = Infinity }: Schema) {
  const value = Number(text);
  if (Number.isNaN(value)) return { fault: 'Expected a number.' };
  if (type === 'integer' && !Number.isInteger(value)) return { fault: 'Expected a whole number.' };
  if (value < minimum || value > maximum) {
    return {
      fault: `Expected ${minimum === -Infinity ? '' : `at least ${minimum}`}${maximum === Infinity ? '' : ` at most ${maximum}`}.`,
    };
  }
  return { value };
}
