import type { FactoryName, OrderState, DeadLetterReason } from '@proofbox/contract';
import type { AttemptView, AuditEntry, EditView, OrderDetail } from '@proofbox/contract/admin';
import { changesBetween, type Change } from './order-changes.ts';

/** What happened to an order, one thing after another. Times are milliseconds since the epoch. */
export type StoryEvent = { at: number; key: string } & (
  | { kind: 'accepted'; source: OrderDetail['source'] }
  | { kind: 'wait'; ms: number }
  | { kind: 'attempt'; attempt: AttemptView; number: number }
  | { kind: 'act'; entry: AuditEntry; changes: Change[] }
  | { kind: 'settled'; state: OrderState; reason?: DeadLetterReason; factory?: FactoryName }
  | { kind: 'waiting'; deadlineAt: number }
);

/** Shorter pauses between two attempts are no waiting. */
const shortestWaitMs = 1_000;

/** The story of an order from what the server knows of it, oldest first. */
export function storyOf(order: OrderDetail): StoryEvent[] {
  const events: StoryEvent[] = [
    { kind: 'accepted', at: Date.parse(order.acceptedAt), key: 'accepted', source: order.source },
    ...order.attemptHistory.map((attempt, index) => ({
      kind: 'attempt' as const,
      at: Date.parse(attempt.startedAt),
      key: `attempt ${attempt.n} ${attempt.startedAt}`,
      attempt,
      number: index + 1,
    })),
    ...actsOf(order),
    ...settlementOf(order),
  ];
  // Array sorting keeps the order of what happened in the same millisecond.
  return withWaits(events.toSorted((a, b) => a.at - b.at)).concat(waitingOf(order));
}

/** What people did, an edit with what it changed: from what the order said before it, to what it said next. */
function actsOf({ audit, edits, order }: OrderDetail): StoryEvent[] {
  const versions = [...edits.map(({ before }) => before), order];
  const unused = edits.map((edit, index) => ({
    edit,
    changes: changesBetween(edit.before, versions[index + 1] ?? order),
  }));
  const acts = audit.map((entry): StoryEvent => {
    const at = Date.parse(entry.at);
    const index =
      entry.action === 'edit'
        ? unused.findIndex(({ edit }) => edit.by === entry.by && isClose(edit, at))
        : -1;
    const [found] = index === -1 ? [] : unused.splice(index, 1);
    return { kind: 'act', at, key: `audit ${entry.id}`, entry, changes: found?.changes ?? [] };
  });
  const unaudited = unused.map(({ edit: { at, by, why }, changes }): StoryEvent => {
    const entry: AuditEntry = { id: '', at, by, action: 'edit', subject: '', why };
    return { kind: 'act', at: Date.parse(at), key: `edit ${at}`, entry, changes };
  });
  return [...acts, ...unaudited];
}

function isClose({ at }: EditView, to: number): boolean {
  return Math.abs(Date.parse(at) - to) < 5_000;
}

function settlementOf({ state, reason, factory, settledAt }: OrderDetail): StoryEvent[] {
  // A discard is shown by its audit entry.
  if (settledAt === undefined || state === 'discarded') return [];
  return [
    {
      kind: 'settled',
      at: Date.parse(settledAt),
      key: 'settled',
      state,
      ...(reason && { reason }),
      ...(factory && { factory }),
    },
  ];
}

/** Between two attempts, or after it was accepted or replayed, an order may wait long: that is a part of the story. */
function withWaits(events: StoryEvent[]): StoryEvent[] {
  let freeSince: number | undefined;
  return events.flatMap((event): StoryEvent[] => {
    if (event.kind === 'accepted' || (event.kind === 'act' && event.entry.action === 'replay'))
      freeSince = event.at;
    if (event.kind === 'settled') freeSince = undefined;
    if (event.kind !== 'attempt') return [event];
    const ms = freeSince === undefined ? 0 : event.at - freeSince;
    const wait: StoryEvent = { kind: 'wait', at: event.at - ms, key: `wait ${event.key}`, ms };
    freeSince = event.attempt.endedAt === undefined ? undefined : Date.parse(event.attempt.endedAt);
    return ms >= shortestWaitMs ? [wait, event] : [event];
  });
}

function waitingOf({ state, deadlineAt, updatedAt }: OrderDetail): StoryEvent[] {
  if (state !== 'queued') return [];
  return [{ kind: 'waiting', at: Date.parse(updatedAt), key: 'waiting', deadlineAt: Date.parse(deadlineAt) }];
}

const shownFirst = 6;
const shownLast = 24;

/** A long story without its middle: the first events, how many are left out, and the last ones. */
export function shortened(events: StoryEvent[]): { first: StoryEvent[]; hidden: number; last: StoryEvent[] } {
  const hidden = events.length - shownFirst - shownLast;
  if (hidden <= shownFirst) return { first: events, hidden: 0, last: [] };
  return { first: events.slice(0, shownFirst), hidden, last: events.slice(-shownLast) };
}
