import { html, type Markup } from '#core/markup';
import type { JsonSchema } from './openapi.ts';

/** A schema as a table: a row for each property, those of inner objects indented below theirs. */
export function schemaBlock(schema: JsonSchema): Markup {
  const rows = rowsOf(schema, 0);
  const words = [typeName(schema), describedBy(schema)].filter(isShown);
  const line = html`<p class="type">${words.map((word) => html`${word} `)}</p>`;
  if (rows.length === 0) return line;
  const head = typeof schema.description === 'string' || schema.type !== 'object' ? line : undefined;
  return html`${head}<table class="schema"><tbody>
${rows}</tbody></table>`;
}

function isShown(part: Markup): boolean {
  return part.text !== '';
}

function rowsOf(schema: JsonSchema, depth: number): Markup[] {
  const inner = schema.type === 'array' ? (schema.items as JsonSchema | undefined) : schema;
  const { properties = {}, required = [], additionalProperties, anyOf } = (inner ?? {}) as Record<string, unknown>;
  const variants = Array.isArray(anyOf) ? (anyOf as JsonSchema[]) : [];
  return [
    ...Object.entries(properties as Record<string, JsonSchema>).flatMap(([name, property]) =>
      rowsOfProperty(name, property, (required as string[]).includes(name), depth),
    ),
    ...(hasShape(additionalProperties) ? rowsOfProperty('…', additionalProperties, false, depth) : []),
    ...variants.filter(hasProperties).flatMap((variant, index) => [
      html`<tr><th class="depth-${depth}" colspan="3"><i>${index === 0 ? 'either' : 'or'}</i></th></tr>
`,
      ...rowsOf(variant, depth + 1),
    ]),
  ];
}

function rowsOfProperty(name: string, schema: JsonSchema, required: boolean, depth: number): Markup[] {
  const mark = required ? html`<b title="required">*</b>` : undefined;
  return [
    html`<tr><th scope="row" class="depth-${Math.min(depth, 4)}">${name}${mark}</th><td>${typeName(schema)}</td><td>${describedBy(schema)}</td></tr>
`,
    ...rowsOf(schema, depth + 1),
  ];
}

function hasShape(schema: unknown): schema is JsonSchema {
  return typeof schema === 'object' && schema !== null && Object.keys(schema).length > 0;
}

function hasProperties(schema: JsonSchema): boolean {
  return hasShape(schema.properties);
}

/** `list of string`, `Job`, `"cpu" or "gpu"`. */
function typeName(schema: JsonSchema): Markup {
  const { $ref, type, items, anyOf, format } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.split('/').at(-1)!;
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if ('const' in schema) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (Array.isArray(schema.enum))
    return html`one of ${schema.enum.map((value) => html`<code>${String(value)}</code> `)}`;
  if (Array.isArray(anyOf)) return html`${anyOf.map((one, index) => html`${index > 0 ? ' or ' : ''}${typeName(one)}`)}`;
  if (type === 'array') return html`list of ${items ? typeName(items as JsonSchema) : 'anything'}`;
  if (format === 'date-time') return html`time`;
  if (type === 'object') return html`${hasShape(schema.additionalProperties) ? 'object by name' : 'object'}`;
  return html`${Array.isArray(type) ? type.join(' or ') : typeof type === 'string' ? type : 'anything'}`;
}

const LIMITS: Record<string, string> = {
  minimum: 'at least',
  exclusiveMinimum: 'more than',
  maximum: 'at most',
  exclusiveMaximum: 'less than',
  minLength: 'length at least',
  maxLength: 'length at most',
  minItems: 'items at least',
  maxItems: 'items at most',
  pattern: 'matches',
};

function describedBy(schema: JsonSchema): Markup {
  const { description, default: usual } = schema;
  const limits = Object.entries(LIMITS).flatMap(([key, words]) => {
    const limit = schema[key];
    const isWorthIt =
      limit !== undefined && Math.abs(Number(limit)) !== Number.MAX_SAFE_INTEGER && schema.format !== 'date-time';
    return isWorthIt ? [html`${words} <code>${String(limit)}</code>`] : [];
  });
  const facts = [...limits, ...(usual === undefined ? [] : [html`else <code>${JSON.stringify(usual)}</code>`])];
  const list = facts.map((fact, index) => html`${index > 0 ? ', ' : ''}${fact}`);
  const words = typeof description === 'string' && description !== '' ? proseOf(description) : undefined;
  return html`${words}${words && facts.length > 0 ? ' · ' : ''}${list}`;
}

/** What stands between backticks is code. */
function proseOf(text: string): Markup {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`;
}
