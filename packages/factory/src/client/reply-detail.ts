import type { Reply } from './delivery.ts';
import { parseJson } from '../parse-json.ts';

/** What an admin may read of a reply. `endChaosLink`: it offered such a link; which one is not kept. */
export type ReplyDetail = { detail: string; endChaosLink?: boolean };

const maxDetailLength = 300;
/** More than this is not even looked at: what reads a text takes time, and a factory may send a lot. */
const maxTextRead = 4_000;
/** Without tags and blanks, so much of it is searched for secrets. */
const maxTextSearched = 1_200;
/** What is cut off from a text that was longer: a secret that went across the cut is not recognised. */
const maxSecretLength = 500;

/** Its message, or the start of its text: redacted, well-formed, at most 300 characters, none of them half. */
export function detailOf({ body, unreadable }: Reply, redact: (text: string) => string): ReplyDetail {
  // It names the encoding, as the factory wrote it.
  if (unreadable !== undefined) return { detail: fitToKeep(unreadable, { redact }) };
  const parsed = parseJson(body);
  if (typeof parsed !== 'object' || parsed === null) {
    return { detail: `not JSON: ${fitToKeep(body, { redact, clean: withoutTags })}` };
  }
  const detail =
    'message' in parsed && typeof parsed.message === 'string'
      ? fitToKeep(parsed.message, { redact })
      : 'no message';
  return { detail, ...('reportUrl' in parsed && { endChaosLink: true }) };
}

function fitToKeep(
  text: string,
  { redact, clean = (same) => same }: { redact: (text: string) => string; clean?: (text: string) => string },
): string {
  const read = clean(text.slice(0, maxTextRead))
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const redacted = redact(read.slice(0, maxTextSearched)).toWellFormed();
  const isCut = text.length > maxTextRead || read.length > maxTextSearched;
  const whole = isCut ? redacted.slice(0, -maxSecretLength) : redacted;
  return Array.from(whole).slice(0, maxDetailLength).join('');
}

function withoutTags(page: string): string {
  return page.replace(/<[^<>]*>/g, ' ');
}
