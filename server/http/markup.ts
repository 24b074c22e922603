/** HTML that was escaped where it had to be. */
export interface Html {
  readonly html: string;
}
type Part = string | number | Html | undefined | readonly Html[];

/** Writes HTML (under a name that no formatter rewrites: the guard is hashed); every text put in is escaped, lists and other HTML are put in as they are. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: texts.map((text, index) => text + written(parts[index])).join('') };
}

/** A text that is HTML already, such as a script by its hash. */
export function raw(text: string): Html {
  return { html: text };
}

/** Data inside a script element: no text in it can end the element. */
export function jsonScript(id: string, data: unknown): Html {
  const json = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return raw(`<script type="application/json" id="${id}">${json}</script>`);
}

function written(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return 'html' in part ? part.html : part.map((item) => item.html).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
