import type { FactoryRequest, Outcome, ReceiptPayload } from '@proofbox/contract';
import type { Delivery } from '@proofbox/factory/client';
import type { ReceiptCheck, ReceiptMatch } from '@proofbox/factory/receipts';
import { expect, test } from 'vitest';
import { callFactory } from './call-factory.ts';

const request: FactoryRequest = {
  diner: { id: 2, name: 'Kai Chen', email: 'd@jwt.com' },
  order: {
    id: 'pb-1',
    franchiseId: 1,
    storeId: '1',
    items: [{ menuId: 1, description: 'Veggie', price: 0.05 }],
  },
};

/** Calls a factory that answers so; `receipt` is what its jwt says, if it verifies. */
async function call({
  status = 200,
  body = JSON.stringify({ jwt: 'a.b.c' }),
  unreadable,
  check = { status: 'invalid', why: 'nobody signed it' },
  repeatable = true,
  receiptMatch = 'strict',
}: {
  status?: number;
  body?: string;
  unreadable?: string;
  check?: ReceiptCheck;
  repeatable?: boolean;
  receiptMatch?: ReceiptMatch;
}): Promise<Outcome> {
  const delivery: Delivery = {
    replied: true,
    status,
    headers: {},
    body,
    ...(unreadable !== undefined && { unreadable }),
  };
  const { outcome } = await callFactory(
    {
      client: { deliver: async () => delivery, [Symbol.asyncDispose]: async () => {} },
      verifier: { verify: async () => check },
      apiKey: 'the-key-at-the-factory',
      repeatable,
      receiptMatch,
    },
    request,
    { timeoutMs: 1_000, signal: new AbortController().signal, now: Date.now },
  );
  return outcome;
}

function valid(payload: ReceiptPayload): ReceiptCheck {
  return { status: 'valid', payload };
}

const { diner, order } = request;

test.for<[string, ReceiptPayload, Partial<Outcome>]>([
  ['the order as it was sent', { vendor: {}, diner, order }, { kind: 'fulfilled', receipt: 'a.b.c' }],
  [
    'the same order of another diner',
    { diner: { ...diner, id: 3 }, order },
    { kind: 'receipt_mismatch', detail: 'the receipt says something else than the order: diner.id' },
  ],
  [
    'the id of the order and nothing else',
    { order: { id: 'pb-1' } },
    {
      kind: 'receipt_mismatch',
      detail: expect.stringMatching(
        /: diner\.id, order\.franchiseId, order\.storeId, order\.items$/,
      ) as string,
    },
  ],
  ['another order', { diner, order: { ...order, id: 'pb-2' } }, { kind: 'failed' }],
])('a receipt that verifies and says %s', async ([, payload, outcome]) => {
  expect(await call({ check: valid(payload) })).toMatchObject({ status: 200, ...outcome });
});

test('where only ids are compared, a receipt of our order counts whatever else it says', async () => {
  const check = valid({ order: { id: 'pb-1' } });
  expect(await call({ check, receiptMatch: 'id' })).toMatchObject({ kind: 'fulfilled' });
});

test('a conflict is a refusal, unless what conflicts may be our own order of before', async () => {
  const conflict = { status: 409, body: '{"message":"known"}' };
  expect(await call(conflict)).toMatchObject({ kind: 'rejected' });
  expect(await call({ ...conflict, repeatable: false })).toMatchObject({ kind: 'unknown' });
});

test('what is kept of a reply holds neither our key nor who the diner is, also where it quotes them', async () => {
  const said = 'no pizza for Kai Chen, d@jwt.com, with Bearer the-key-at-the-factory';
  const outcome = await call({ status: 400, body: JSON.stringify({ message: said }) });
  expect(outcome).toMatchObject({
    kind: 'rejected',
    detail: expect.stringContaining('no pizza for') as string,
  });
  expect(JSON.stringify(outcome)).not.toMatch(/Kai|Chen|d@jwt|the-key/);
});

test.for([200, 500])('neither does an encoding of status %i that is named like our key', async (status) => {
  const unreadable = 'the reply is in an encoding that is not known (THE-KEY-AT-THE-FACTORY)';
  expect(await call({ status, body: '', unreadable })).toMatchObject({
    kind: 'failed',
    detail: expect.stringMatching(/not known \(\[redacted\]\)$/) as string,
  });
});

test.for(['<', '<a', ' ', '@', 'eyJ.', '"'])('a reply full of %s is judged in no time', async (part) => {
  const before = process.cpuUsage();
  await call({ status: 502, body: part.repeat(250_000 / part.length) });
  // A second of this process is for ever here: what is guarded against took minutes, and froze the worker meanwhile.
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(1_000);
});
