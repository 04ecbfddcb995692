import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { startIngestAlone, type LoneIngest } from '../support/ingest-alone.ts';
import { readMetrics } from '../support/metrics.ts';
import { anOrder } from '../support/shopper.ts';

let ingest: LoneIngest;
beforeAll(async () => {
  ingest = await startIngestAlone({
    REDIS_URL: inject('redisUrl'),
    REDIS_KEY_TAG: `test-request-cost-${crypto.randomUUID()}`,
  });
});
afterAll(() => ingest?.[Symbol.asyncDispose]());

type Sent = { body?: string; headers?: Record<string, string> };

/** A text of this length that says the same again and again. */
function repeated(unit: string, length: number): string {
  return unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
}

function entries(length: number, entry: (n: number) => string): string {
  const count = Math.floor(length / (entry(100_000).length + 1));
  return Array.from({ length: count }, (_each, n) => entry(n + 100_000)).join(',');
}

const header =
  (name: string, textOf: (length: number) => string) =>
  (length: number): Sent => ({ headers: { [name]: textOf(length) } });
const body =
  (bodyOf: (length: number) => string) =>
  (length: number): Sent => ({ body: bodyOf(length) });
/** An order with this field in it. */
const field = (json: (length: number) => string) =>
  body((length) => `${JSON.stringify(anOrder()).slice(0, -1)},"field":${json(length)}}`);

const largestHeader = 8_000;
const largestBody = 65_000;
const sent: [string, number, (length: number) => Sent][] = [
  [
    'a Prefer of quotes behind backslashes',
    largestHeader,
    header('prefer', (length) => repeated('\\"', length)),
  ],
  ['a Prefer of quotes', largestHeader, header('prefer', (length) => repeated('"', length))],
  ['a Prefer of wishes', largestHeader, header('prefer', (length) => repeated('a="b,c";d, ', length))],
  ['a Prefer of blanks', largestHeader, header('prefer', (length) => `wait${repeated(' ', length)}`)],
  [
    'an Authorization of blanks',
    largestHeader,
    header('authorization', (length) => `Bearer${repeated(' ', length)}.`),
  ],
  ['a token of dots', largestHeader, header('authorization', (length) => `Bearer ${repeated('a.', length)}`)],
  [
    'a token that begins like a ticket',
    largestHeader,
    header('authorization', (length) => `Bearer ticket_${repeated('a_', length)}`),
  ],
  ['an Idempotency-Key', largestHeader, header('idempotency-key', (length) => repeated('a ', length))],
  [
    'a Content-Type of parameters',
    largestHeader,
    header('content-type', (length) => `application/json${repeated('; charset="utf-8"', length)}`),
  ],
  [
    'a Content-Type of blanks',
    largestHeader,
    header('content-type', (length) => `application/json;${repeated(' ', length)}charset=x`),
  ],
  [
    'a Content-Encoding of commas',
    largestHeader,
    header('content-encoding', (length) => repeated(',', length)),
  ],
  ['an Origin', largestHeader, header('origin', (length) => `http://${repeated('a.', length)}`)],
  ['lists in lists', largestBody, body((length) => repeated('[', length / 2) + repeated(']', length / 2))],
  ['lists that are never closed', largestBody, body((length) => repeated('[', length))],
  ['nothing but blanks', largestBody, body((length) => repeated(' ', length))],
  ['a text of escapes', largestBody, field((length) => `"${repeated('\\u0041', length - (length % 6))}"`)],
  ['a text of backslashes', largestBody, field((length) => `"${repeated('\\\\', length - (length % 2))}"`)],
  ['many names', largestBody, field((length) => `{${entries(length, (n) => `"a${n}":1`)}}`)],
  [
    'many names that look like places',
    largestBody,
    field((length) => `{${entries(length, (n) => `"${n * 4096}":1`)}}`),
  ],
  ['one name many times', largestBody, field((length) => `{${entries(length, () => '"a":1')}}`)],
  ['many numbers', largestBody, field((length) => `[${entries(length, (n) => `0.${n}`)}]`)],
  ['a number of many digits', largestBody, field((length) => `1${repeated('0', length)}.0`)],
  ['a number of many decimals', largestBody, field((length) => `0.${repeated('0', length)}1`)],
  [
    'many items',
    largestBody,
    body((length) =>
      JSON.stringify({ ...anOrder(), items: JSON.parse(`[${entries(length, () => '{}')}]`) as object[] }),
    ),
  ],
  [
    'a storeId as long as a book',
    largestBody,
    body((length) => JSON.stringify(anOrder({ storeId: repeated('🍕', length / 4) }))),
  ],
];

const requestsEach = 8;

/** What ingest's processor does for such requests, in ms for each. */
async function costOf({ body: json, headers }: Sent): Promise<number> {
  const before = await cpuSeconds();
  for (let n = 0; n < requestsEach; n += 1) {
    const answer = await ingest.diner.request('POST', '/api/order', {
      body: json ?? JSON.stringify(anOrder()),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${ingest.diner.token}`,
        ...headers,
      },
    });
    expect(answer.status).toBeLessThan(500);
  }
  return ((await cpuSeconds()) - before) * (1_000 / requestsEach);
}

async function cpuSeconds(): Promise<number> {
  const samples = await readMetrics(ingest.url);
  return samples.find(({ name }) => name === 'process_cpu_seconds_total')!.value;
}

/** What a usual order costs, in ms. */
let usual: number;
beforeAll(async () => {
  await costOf({});
  usual = await costOf({});
});

/** In ms for each character. What costs no more is not worth an attack, whatever it grows with. */
const negligible = 0.000_5;

// Eight times as much may cost eight times as much; for the square of it, it would be sixty-four.
test.for(sent)('%s costs no more than in proportion to its length', async ([, largest, requestOf]) => {
  await costOf(requestOf(largest));
  const small = (await costOf(requestOf(largest / 8))) - usual;
  const large = (await costOf(requestOf(largest))) - usual;
  expect(large).toBeLessThan(Math.max(negligible * largest, 20 * small));
});
