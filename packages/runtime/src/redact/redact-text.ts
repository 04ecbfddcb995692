import type { KnownSecrets } from './known-secrets.ts';
import { foreignShapes, hidden, secretShapes, type SecretShape } from './secret-shapes.ts';
import { endOf, startOf, unescaped, type TextView } from './text-view.ts';

export type RedactOptions = {
  known?: readonly KnownSecrets[];
  /** Another system has written it, which may quote any key: whatever is long and random goes, too. */
  isForeign?: boolean;
};

type Span = { start: number; end: number; label: string };

/** JSON in a query in JSON: nobody needs more, and each layer costs as much as the text. */
const mostLayers = 3;

/**
 * A text with secrets taken out: by their shape (e-mails, JWTs, tickets, bearer tokens, end-chaos links, passwords in
 * URLs, what is named like a key), and those that are known. Escapes of URLs, JSON and HTML are seen through.
 */
export function redactText(text: string, { known = [], isForeign = false }: RedactOptions = {}): string {
  const spans: Span[] = [];
  let view: TextView = { text, offsets: undefined };
  for (let layer = 0; layer < mostLayers; layer += 1) {
    const seen = view;
    spans.push(...spansOfShapes(seen, isForeign ? foreignShapes : secretShapes));
    const parts = known.flatMap((secrets) => secrets.partsIn(seen));
    spans.push(...parts.map((part) => ({ ...part, label: hidden })));
    const deeper = unescaped(seen);
    if (deeper === seen) break;
    view = deeper;
  }
  return spans.length === 0 ? text : withLabels(text, spans);
}

function spansOfShapes(view: TextView, shapes: readonly SecretShape[]): Span[] {
  const spans: Span[] = [];
  const lower = view.text.toLowerCase();
  let left = view.text;
  for (const { mayBeIn, pattern, label, isSecret } of shapes) {
    if (!mayBeIn(lower)) continue;
    left = left.replace(pattern, (found: string, ...rest: unknown[]) => {
      const before = typeof rest[0] === 'string' ? rest[0] : '';
      const index = rest.find((each) => typeof each === 'number')!;
      const secret = found.slice(before.length);
      if (isSecret && !isSecret(secret)) return found;
      const start = startOf(view, index + before.length);
      spans.push({ start, end: endOf(view, index + found.length - 1), label });
      // Nothing that another shape could be made of; as long as before, so that the indices stay true.
      return before + '\0'.repeat(secret.length);
    });
  }
  return spans;
}

/** Where several overlap, the one that starts first, or was found first, gives the label. */
function withLabels(text: string, spans: Span[]): string {
  const sorted = spans.toSorted((a, b) => a.start - b.start);
  let clean = '';
  let readTo = 0;
  for (const { start, end, label } of sorted) {
    if (start >= readTo) clean += text.slice(readTo, start) + label;
    readTo = Math.max(readTo, end);
  }
  return clean + text.slice(readTo);
}
