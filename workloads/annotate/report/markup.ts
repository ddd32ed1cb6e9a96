/** Text as it may stand in HTML or SVG, between tags or in a quoted attribute. */
export function escapeMarkup(text: string | number): string {
  return String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A template whose values are escaped; what is markup already is passed through `raw`. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Raw | Raw[])[]): Raw {
  const text = parts.reduce((before, part, at) => before + (at === 0 ? '' : render(values[at - 1]!)) + part, '');
  return { markup: text };
}

export interface Raw {
  markup: string;
}

function render(value: string | number | Raw | Raw[]): string {
  if (Array.isArray(value)) return value.map(({ markup }) => markup).join('');
  return typeof value === 'object' ? value.markup : escapeMarkup(value);
}
