import { tallyOrders, type Evidence } from '../../support/order-tally.ts';
import type { Submission } from '../../support/taken-order.ts';

/** What was counted, by the names of `--json`. */
export type Result = {
  /** How long Redis was away. */
  seconds: number;
  /** Orders a second. */
  rate: number;
  /** Orders that were answered with 200 or 202; with a killed ingest perhaps only when they were sent again. */
  accepted: number;
  answered202: number;
  /** Orders that were answered otherwise, or not at all. */
  refused: number;
  /** Accepted, and the shop has a receipt that verifies. */
  fulfilled: number;
  /** Accepted, and anything else. */
  lost: number;
  /** Baked more than once, given to two submissions, shown two receipts, or baked although nobody was promised it. */
  twice: number;
  /** From the moment when Redis answered again until the last order was fulfilled. */
  drainSeconds: number;
  ingestKilled: boolean;
};

export const drainLimitSeconds = 30;
const mostShown = 10;

/** From when to when Redis surely was not there, in ms since the epoch. */
export type Away = { from: number; to: number };

/** Counts what became of the orders. @param returnedAt when Redis answered again, in ms since the epoch */
export function countUp(options: {
  taken: readonly (Evidence & Submission)[];
  away: Away;
  refusals: readonly string[];
  bakedTimes: ReadonlyMap<string, number>;
  returnedAt: number;
}): Pick<Result, 'accepted' | 'answered202' | 'refused' | 'fulfilled' | 'lost' | 'twice' | 'drainSeconds'> & {
  /** What is wrong, in lines for a person. */
  flaws: string[];
} {
  const { taken, refusals, bakedTimes, returnedAt } = options;
  const tally = tallyOrders(taken, bakedTimes);
  const twice = new Map(tally.duplicates.map(({ id, why }) => [id, why]));
  for (const [id, times] of bakedTimes) {
    // No factory fails here, so an unanswered call is no excuse.
    if (times > 1) twice.set(id, `it was baked ${times} times`);
  }
  for (const id of unpromised(options)) twice.set(id, 'it was baked, and nobody was promised it');
  const stories = new Map(taken.map((order) => [order.id, storyOf(order)]));
  const told = (what: string, id: string, why: string): string =>
    `${what}: order ${id}: ${why}${stories.get(id) ?? ''}`;
  const fulfilledAt = taken.map(({ reading }) => Date.parse(reading?.status.fulfilledAt ?? ''));
  const lastAt = Math.max(returnedAt, ...fulfilledAt.filter((at) => !Number.isNaN(at)));
  return {
    accepted: tally.accepted,
    answered202: tally.tickets,
    refused: refusals.length,
    fulfilled: tally.fulfilled,
    lost: tally.accepted - tally.fulfilled,
    twice: twice.size,
    drainSeconds: Math.round((lastAt - returnedAt) / 100) / 10,
    flaws: [
      ...shortened(refusals.map((why) => `Not taken: ${why}`)),
      ...shortened(tally.lost.map(({ id, why }) => told('Lost', id, why))),
      ...shortened(
        bakedWhileAway(options).map((id) => `Answered with a receipt while Redis was away: order ${id}`),
      ),
      ...shortened([...twice].map(([id, why]) => told('Twice', id, why))),
    ],
  };
}

/** Every order answered with 202, all of them fulfilled in time, and none twice. */
export function isAsPromised(result: Result): boolean {
  const { accepted, answered202, refused, fulfilled, twice, drainSeconds } = result;
  return (
    accepted > 0 &&
    answered202 === accepted &&
    refused === 0 &&
    fulfilled === accepted &&
    twice === 0 &&
    drainSeconds <= drainLimitSeconds
  );
}

/** Only a ticket can be had of a shop whose Redis is away. */
function bakedWhileAway({ taken, away }: Pick<Parameters<typeof countUp>[0], 'taken' | 'away'>): string[] {
  return taken
    .filter(
      ({ hadTicket, placedAt, answeredAt }) => !hadTicket && placedAt > away.from && answeredAt < away.to,
    )
    .map(({ id }) => id);
}

/** Baked, but not in any answer: the order of a post that got no answer may be so, and that one is refused already. */
function unpromised({ taken, refusals, bakedTimes }: Parameters<typeof countUp>[0]): string[] {
  const promised = new Set(taken.map(({ id }) => id));
  const unanswered = refusals.filter((why) => why.startsWith('no answer')).length;
  return [...bakedTimes.keys()].filter((id) => !promised.has(id)).slice(unanswered);
}

/** When it was accepted, and what became of each attempt. */
function storyOf({ reading }: Evidence): string {
  if (reading === undefined) return '';
  const { acceptedAt, attempts } = reading.status;
  return [
    `\n  accepted at ${acceptedAt}`,
    ...attempts.map(
      ({ n, factory, startedAt, durationMs, outcome }) =>
        `\n  ${n}. ${factory} at ${startedAt} for ${durationMs} ms: ${outcome}`,
    ),
  ].join('');
}

function shortened(lines: string[]): string[] {
  const rest = lines.length - mostShown;
  return rest > 0 ? [...lines.slice(0, mostShown), `… and ${rest} more like this.`] : lines;
}
