import { STATUS_CODES } from 'node:http';
import { codeBlock, paragraphs, table } from '../markdown.ts';
import type { OpenApi } from './openapi.ts';
import { schemaText } from './schema-text.ts';

const introduction = `Every error of the order API and of the admin API is a problem document (RFC 9457) of the type
\`application/problem+json\`. \`detail\` says in a sentence for a person what was wrong and what to do; \`message\` repeats it,
because that is the field that the shop's frontend shows. \`errors\` names each field that was wrong. \`type\` is always
\`about:blank\`: the status says what kind of error it is.`;

/** What the one who gets this status should do, by API. A status that has no line here stops the generator. */
const advice: Record<string, Record<string, string>> = {
  'Order API': {
    400: 'Correct the fields that `errors` names. The same request gets the same answer.',
    401: 'Sign in, or send the ticket of the order.',
    403: 'Hand out nothing for it.',
    404: 'Check the id, and whose order it is.',
    413: 'Send a smaller order.',
    415: 'Send JSON in UTF-8 with `Content-Type: application/json`.',
    422: 'Take a new `Idempotency-Key` for each purchase.',
    503: 'Send it again after `Retry-After`, an order with the same `Idempotency-Key`.',
  },
  'Admin API': {
    400: 'Correct the fields that `errors` names. The same request gets the same answer.',
    401: 'Sign in, or send a token that is valid here.',
    403: 'Ask with a higher role, or from a page of the admin server.',
    404: 'Check the id.',
    409: 'Read it again, and decide anew.',
    413: 'Send less.',
    415: 'Send `Content-Type: application/json`.',
    429: 'Wait for as long as `Retry-After` says.',
    503: 'Send it again after `Retry-After`.',
  },
};

/** `errors.md`: the statuses with which an API refuses something. */
export function errorsPage(apis: Record<string, OpenApi>): string {
  const [anyApi] = Object.values(apis);
  return paragraphs(
    '# Errors',
    introduction,
    codeBlock('ts', `type Problem = ${schemaText(anyApi!.components.schemas['Problem']!)};`),
    ...Object.entries(apis).map(([title, api]) => paragraphs(`## ${title}`, refusalsOf(title, api))),
    '## Elsewhere',
    '- How a call to a factory can end, and what follows: [ARCHITECTURE.md](../../ARCHITECTURE.md#outcomes-and-what-follows).\n- Why an order is not tried any more: [the runbook](../operate/runbook.md#dead-letters).\n- What the command line says to a script: [exit codes](cli.md#exit-codes).',
  );
}

function refusalsOf(title: string, { paths }: OpenApi): string {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const replies = operations.flatMap(({ responses }) => Object.entries(responses));
  const meanings = new Map(replies.map(([status, { description }]) => [status, description]));
  const rows = [...meanings]
    .filter(([status]) => Number(status) >= 400)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([status, meaning]) => [`${status} ${STATUS_CODES[status]}`, meaning, adviceFor(title, status)]);
  return table(['Status', 'What happened', 'What to do'], rows);
}

function adviceFor(title: string, status: string): string {
  const text = advice[title]?.[status];
  if (text === undefined)
    throw new Error(`The page of errors does not say what to do about a ${status} of the ${title}.`);
  return text;
}
