/** What a secret looks like. */
export type SecretShape = {
  /** Of a text in lower case: whether it may have such a secret. Most texts have none, and need not be searched. */
  mayBeIn: (lower: string) => boolean;
  /** A first group stands before the secret, and stays. */
  pattern: RegExp;
  label: string;
  /** For patterns that find more than secrets. */
  isSecret?: (found: string) => boolean;
};

export const hidden = '[redacted]';

function has(sign: string): (lower: string) => boolean {
  return (lower) => lower.includes(sign);
}

function namesSecret(lower: string): boolean {
  return /key|token|secret|ticket|jwt|credential|code|pass|cookie/.test(lower);
}

/** The shapes are tried in this order; what one has found is nothing to the next. */
export const secretShapes: readonly SecretShape[] = [
  // In JSON: "api_key":"…"
  {
    mayBeIn: has('":'),
    pattern:
      /("[\w-]{0,40}(?:mail|name|jwt|token|ticket|receipt|reporturl|password|passwd|key|secret|fix[_-]?code|authorization|cookie|credential)s?"\s{0,9}:\s{0,9}")(?:[^"\\]|\\[^])+/gi,
    label: hidden,
  },
  {
    mayBeIn: has('":'),
    pattern: /("[\w-]{0,40}(?:password|passwd|key|secret|fix[_-]?code)s?"\s{0,9}:\s{0,9})[\w.+-]+/gi,
    label: hidden,
  },
  // In a URL's query, a form or an environment: api_key=…
  {
    mayBeIn: has('='),
    pattern:
      /((?:^|[?&;,({\s"'])[\w-]{0,40}(?:mail|name|jwt|token|ticket|receipt|password|passwd|key|secret|fix[_-]?code|reporturl|cookie|credential)s?=["']?)[^\s&"'#;]+/gi,
    label: hidden,
  },
  { mayBeIn: has('://'), pattern: /(:\/\/)[^\s/"'<>]{1,500}(?=@)/g, label: hidden },
  { mayBeIn: has('eyj'), pattern: /eyJ[\w-]{8,}(?:\.[\w-]*)*/g, label: '[jwt]' },
  { mayBeIn: has('ticket_'), pattern: /\bticket_[\w-]+/gi, label: '[ticket]' },
  {
    mayBeIn: has('bearer'),
    pattern: /\bbearer(?:\s+|\s{0,9}[:=]\s{0,9})[^\s"',;]+/gi,
    label: `Bearer ${hidden}`,
  },
  {
    mayBeIn: has('authorization'),
    pattern: /(\bauthorization["']?\s{0,9}[:=]\s{0,9}["']?)(?:\w{1,20}\s{1,9})?[^\s"',;]+/gi,
    label: hidden,
  },
  {
    mayBeIn: has('basic'),
    pattern: /\bbasic\s{1,9}[\w+/=-]{6,}/gi,
    label: `Basic ${hidden}`,
    isSecret: (found) => found.endsWith('=') || looksRandom(found.replace(/^\w+\s+/, '')),
  },
  {
    mayBeIn: has('/api/support/'),
    pattern: /(?:\w{1,20}:\/\/[^\s"'<>/]{1,300})?\/api\/support\/[^\s"'<>]*/gi,
    label: '[end-chaos link]',
  },
  {
    mayBeIn: has('support/'),
    pattern: /\bsupport\/[^\s"'<>/]+\/report\b[^\s"'<>]*/gi,
    label: '[end-chaos link]',
  },
  { mayBeIn: has('/report/'), pattern: /(\/report\/)[^\s"'<>]+/gi, label: hidden },
  // In a text: the fixCode is …, X-Api-Key: …
  {
    mayBeIn: namesSecret,
    pattern:
      /(\b(?:(?:x-)?api[ _-]?key|fix[ _-]?code|password|passwd|passphrase|client[ _-]?secret|(?:set-)?cookie)["']?(?:\s{0,9}:\s{0,9}|\s{1,9}=\s{0,9}|\s{1,9}(?:is|was)\s{1,9})["']?)[^\s"',;}\])>]+/gi,
    label: hidden,
  },
  {
    mayBeIn: namesSecret,
    pattern:
      /((?:key|token|secret|ticket|jwt|credential|code)s?["']?(?:\s{0,9}[:=]|\s{1,9}(?:is|was|of))?\s{0,9}["'(<[]?)(?<!\w)[\w+/.~-]{6,}=*/gi,
    label: hidden,
    isSecret: looksRandom,
  },
  {
    mayBeIn: (lower) => /pbx_|[spr]k[_-]|gh[opsur]_|github_pat_|glpat-|xox|akia|asia|aiza/.test(lower),
    pattern:
      /\b(?:pbx|[spr]k|gh[opsur]|github_pat|glpat|xox[abeprs])[_-][\w-]{12,}|\b(?:AKIA|ASIA|AIza)[\w-]{12,}/g,
    label: hidden,
  },
  {
    mayBeIn: has('@'),
    pattern:
      /(?<![\p{L}\p{N}\p{M}_.+-])[\p{L}\p{N}\p{M}_.+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}[\p{L}\p{N}-]+/gu,
    label: '[e-mail]',
  },
];

/** Shapes for texts that another system has written: there, whatever is long and random may be a key. */
export const foreignShapes: readonly SecretShape[] = [
  ...secretShapes,
  {
    mayBeIn: (lower) => /\d/.test(lower),
    pattern: /(?<![\w-])[\w-]{20,}/g,
    label: hidden,
    isSecret: (found) => looksRandom(found) && !isUuid(found),
  },
];

/** Letters and digits mixed, or a long word in which capitals stand anywhere. An id of an order is none. */
function looksRandom(text: string): boolean {
  // A part of it has been found to be secret already.
  if (text.includes('\0')) return true;
  if (text.startsWith('pb-')) return false;
  const digits = text.replaceAll(/\D/g, '').length;
  const letters = text.replaceAll(/[^a-z]/gi, '').length;
  if (digits >= 2 && letters >= 2) return true;
  return text.length >= 20 && /[a-z][A-Z]+[a-z]/.test(text) && /[A-Z]{2}/.test(text);
}

function isUuid(text: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}
