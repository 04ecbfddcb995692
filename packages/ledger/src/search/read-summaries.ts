import { orderSummary, type OrderSummary } from '@proofbox/contract';
import type { Redis } from 'ioredis';
import { defineScript } from '../redis/define-script.ts';
import type { Names } from '../redis/names.ts';
import { attemptFields, decodeAttempt } from '../orders/record-codec.ts';

/** `unreadable`: ids of orders whose record this release cannot read. One bad record must not hide the others. */
export type SummariesRead = { orders: OrderSummary[]; unreadable: string[] };

/** Every value is a text; '' where there is none (order-summaries.lua). */
type Stored = [
  id: string,
  state: string,
  reason: string,
  dinerId: string,
  request: string,
  acceptedAt: string,
  updatedAt: string,
  replays: string,
  attempts: string,
  ...lastAttempt: string[],
];

/** Reads what a list says of orders, in this order; those that are not there are left out. */
export function createSummaryReader({ redis, names }: { redis: Redis; names: Names }) {
  const script = defineScript(redis, new URL('./order-summaries.lua', import.meta.url), { keys: 0 });

  return async function readSummaries(ids: string[]): Promise<SummariesRead> {
    const read: SummariesRead = { orders: [], unreadable: [] };
    if (ids.length === 0) return read;
    for (const stored of (await script(
      names.root,
      attemptFields.length,
      ...attemptFields,
      ...ids,
    )) as Stored[]) {
      const order = decode(stored);
      if (order) read.orders.push(order);
      else read.unreadable.push(stored[0]);
    }
    return read;
  };
}

function decode(stored: Stored): OrderSummary | undefined {
  const [id, state, reason, dinerId, request, acceptedAt, updatedAt, replays, attempts, ...last] = stored;
  return orderSummary.safeParse({
    id,
    state,
    ...(reason !== '' && { reason }),
    dinerId,
    request: parsed(request),
    acceptedAt: acceptedAt === '' ? undefined : Number(acceptedAt),
    updatedAt: updatedAt === '' ? undefined : Number(updatedAt),
    replays: Number(replays),
    attempts: Number(attempts),
    ...(attempts !== '' && { lastAttempt: attemptOf(Number(attempts), last) }),
  }).data;
}

/** @returns null, which no order has, for what cannot be read */
function attemptOf(n: number, values: string[]): unknown {
  try {
    return decodeAttempt(n, (name) => values[attemptFields.indexOf(name)] || undefined);
  } catch {
    return null;
  }
}

/** @returns undefined for what is no JSON */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
