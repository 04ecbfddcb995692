import { isDeepStrictEqual } from 'node:util';
import { factoryNames, orderStates, deadLetterReasons } from '@proofbox/contract';
import { createBalanceCheck, isBalanced } from '../../reconcile/balance.ts';
import { createIndexCheck } from '../../reconcile/check-indexes.ts';
import { createLedger, type NewOrder } from '../../orders/ledger.ts';
import { createOrderEditor } from '../../orders/order-editor.ts';
import { defineOrderScripts, type RunOrderScript } from '../../orders/scripts/order-scripts.ts';
import { decodeRecord } from '../../orders/record-codec.ts';
import { someOrder, type TestLedger } from '../test-ledger.ts';
import {
  isDeadLetter,
  isPending,
  type LedgerModel,
  type ModelOrder,
  type NewModelOrder,
} from './ledger-model.ts';

/** A script that does not run, or whose reply is lost. */
export type Fault = 'none' | 'before' | 'after';

export const stores = ['1', '0.30000000000000004'] as const;
export const diners = ['2', 'z\udc00'.toWellFormed()] as const;

/** The real ledger, whose scripts can be made to fail, beside its model. */
export type LedgerUnderTest = ReturnType<typeof putUnderTest>;

export function putUnderTest({ redis, names }: Pick<TestLedger, 'redis' | 'names'>, clock: () => number) {
  const scripts = defineOrderScripts({ redis, names });
  let fault: Fault = 'none';
  const run: RunOrderScript = async (...call) => {
    const now = fault;
    fault = 'none';
    if (now === 'before') throw new Error('not run');
    const reply = await scripts(...call);
    if (now === 'after') throw new Error('reply lost');
    return reply;
  };
  const options = { redis, names, now: clock, run };
  return {
    redis,
    names,
    ledger: createLedger(options),
    editor: createOrderEditor(options),
    failNext: (next: Fault) => void (fault = next),
    readBalance: createBalanceCheck({ redis, names }),
    indexes: createIndexCheck({ redis, names }),
  };
}

/** The order as the ledger takes it. */
export function realOrder(
  { id, fingerprint, diner, store, deadlineMs, age }: NewModelOrder,
  now: number,
): NewOrder & { acceptedAt: number } {
  const { request } = someOrder({ id });
  const order = { ...request.order, storeId: store };
  return {
    ...someOrder({ id, fingerprint, dinerId: diner, deadlineMs }),
    request: { ...request, order },
    acceptedAt: now - age,
  };
}

/** Every key of the ledger goes. */
export async function loseEverything({ redis, names }: LedgerUnderTest): Promise<void> {
  const keys = await redis.keys(`${names.root}:*`);
  if (keys.length > 0) await redis.unlink(...keys);
}

/** @returns what differs, in words; empty when all is as the model says */
export async function differences(real: LedgerUnderTest, model: LedgerModel): Promise<string[]> {
  const { redis, names } = real;
  const orders = [...model.orders.values()];
  const pipeline = redis.pipeline().hgetall(names.counters).hgetall(names.errorGroups);
  const expected: [what: string, value: unknown][] = [];
  for (const order of orders) {
    pipeline.hgetall(names.order(order.id)).llen(names.auditOf(order.id));
    expected.push(
      [`record of ${order.id}`, recordOf(order)],
      [`audit entries of ${order.id}`, order.auditEntries],
    );
  }
  for (const { key, members } of indexesOf(real, orders)) {
    pipeline.zrange(key, '0', '-1', 'WITHSCORES');
    expected.push([key, Object.fromEntries(members)]);
  }
  const replies = ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
  const [counters, groups, ...values] = replies as [
    Record<string, string>,
    Record<string, string>,
    ...unknown[],
  ];
  const found = [
    ...expected.map(([what, value], i): [string, unknown, unknown] => [what, readable(values[i]), value]),
    ['counters', numbersIn(counters), countersOf(model, orders)] as [string, unknown, unknown],
    [
      'orders found by error',
      await foundByError(real, groups),
      orders
        .filter(hasError)
        .map(({ id }) => id)
        .toSorted(),
    ] as [string, unknown, unknown],
  ];
  return found.flatMap(([what, is, should]) =>
    isDeepStrictEqual(is, should)
      ? []
      : [`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`],
  );
}

/** What a run finds wrong. */
export async function reconcileFindings({ readBalance, indexes }: LedgerUnderTest): Promise<unknown[]> {
  const balance = await readBalance({ mend: false });
  const found = await indexes({ mend: false, from: { set: 0, offset: 0 }, maxSlices: Infinity });
  return [...(isBalanced(balance) ? [] : [balance]), ...found.misplaced, ...found.lost];
}

function indexesOf({ names }: LedgerUnderTest, orders: ModelOrder[]) {
  const index = (
    key: string,
    wanted: (order: ModelOrder) => boolean,
    score: (order: ModelOrder) => number,
  ) => ({
    key,
    members: orders.filter(wanted).map((order): [string, number] => [order.id, score(order)]),
  });
  const since = (order: ModelOrder) => (isPending(order) ? order.acceptedAt : order.updatedAt);
  const settledAt = ({ updatedAt }: ModelOrder) => updatedAt;
  return [
    index(
      names.byTime,
      () => true,
      ({ acceptedAt }) => acceptedAt,
    ),
    index(names.byDeadline, isPending, ({ deadlineAt }) => deadlineAt),
    ...orderStates.map((state) => index(names.byState(state), (order) => order.state === state, since)),
    ...deadLetterReasons.map((reason) =>
      index(names.byReason(reason), (order) => order.reason === reason, settledAt),
    ),
    ...diners.flatMap((diner) => [
      index(
        names.byDiner(diner),
        (order) => order.diner === diner,
        ({ acceptedAt }) => acceptedAt,
      ),
      index(names.deadByDiner(diner), (order) => isDeadLetter(order) && order.diner === diner, settledAt),
    ]),
    ...stores.map((store) =>
      index(names.deadByStore(store), (order) => isDeadLetter(order) && order.store === store, settledAt),
    ),
    ...factoryNames.map((factory) =>
      index(
        names.deadByFactory(factory),
        (order) => isDeadLetter(order) && order.attempts.at(-1)?.factory === factory,
        settledAt,
      ),
    ),
  ];
}

async function foundByError(
  { redis, names }: LedgerUnderTest,
  groups: Record<string, string>,
): Promise<string[]> {
  const keys = Object.keys(groups).map((group) => names.deadByError(group));
  return keys.length === 0 ? [] : (await redis.zunion(keys.length, keys)).toSorted();
}

function hasError(order: ModelOrder): boolean {
  return isDeadLetter(order) && (order.attempts.at(-1)?.detail ?? '') !== '';
}

function recordOf(order: ModelOrder): object {
  const {
    fingerprint: _f,
    diner,
    store,
    attempts,
    storesBefore,
    open: _o,
    leaseUntil: _l,
    due: _d,
    auditEntries: _a,
    ...fields
  } = order;
  const { source, request } = someOrder({ id: order.id });
  return plain({
    ...fields,
    source,
    dinerId: diner,
    request: { ...request, order: { ...request.order, storeId: store } },
    ...(storesBefore.length > 0 && { edits: storesBefore.length }),
    attempts: attempts.map(
      ({ token: _t, triedBefore: _b, edits: _e, isReported: _i, ...attempt }) => attempt,
    ),
  });
}

/** A reply of Redis, as the model would say it. */
function readable(reply: unknown): unknown {
  if (Array.isArray(reply))
    return Object.fromEntries(
      reply.flatMap((id: string, i) => (i % 2 === 0 ? [[id, Number(reply[i + 1])]] : [])),
    );
  if (typeof reply !== 'object' || reply === null || !('id' in reply)) return reply;
  return plain(decodeRecord(reply as unknown as Record<string, string>));
}

function countersOf({ lateReceipts }: LedgerModel, orders: ModelOrder[]): Record<string, number> {
  const states = orderStates.map((state) => [state, orders.filter((order) => order.state === state).length]);
  return nonZero({
    accepted: orders.length,
    lateReceipts,
    ...(Object.fromEntries(states) as Record<string, number>),
  });
}

function numbersIn(counters: Record<string, string>): Record<string, number> {
  return nonZero(Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, Number(value)])));
}

function nonZero(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

/** Without what is not there. */
function plain(value: object): object {
  return JSON.parse(JSON.stringify(value)) as object;
}
