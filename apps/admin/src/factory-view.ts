import {
  isoTime,
  conditionOf,
  factoryNames,
  type FactoryName,
  type FactoryVerdict,
  type FactoryView,
} from '@proofbox/contract';
import { readFactoryFacts, type FactoryFacts, type Names, type VerdictBoard } from '@proofbox/ledger';

type Redis = Parameters<typeof readFactoryFacts>[0]['redis'];

/** Every factory there can be, as the fleet treats it now. */
export async function readFactoryViews(input: {
  redis: Redis;
  names: Names;
  board: Pick<VerdictBoard, 'get' | 'refresh'>;
  now?: () => number;
}): Promise<FactoryView[]> {
  await input.board.refresh();
  return Promise.all(factoryNames.map((name) => viewOf(name, input)));
}

/** One factory, as the board has it already: after a change to it, for instance. */
export async function viewOf(
  name: FactoryName,
  { redis, names, board, now = Date.now }: Parameters<typeof readFactoryViews>[0],
): Promise<FactoryView> {
  return toFactoryView(board.get(name), await readFactoryFacts({ redis, names }, name), now());
}

/** @param now ms since the epoch */
export function toFactoryView(verdict: FactoryVerdict, facts: FactoryFacts, now: number): FactoryView {
  const { factory, state, forced, openUntil, probe, probesLeft, places, throttledUntil } = verdict;
  const since = sinceOf(verdict);
  return {
    factory,
    condition: conditionOf(verdict, now),
    hasVerdict: verdict.version > 0,
    ...(since > 0 && { since: isoTime(since) }),
    ...(verdict.cause !== undefined && { cause: verdict.cause }),
    ...(state === 'open' && { probesLeft, ...(openUntil > now && { until: isoTime(openUntil) }) }),
    ...(probe && probe.until > now && { probe: { ...probe, until: isoTime(probe.until) } }),
    ...(places !== undefined && { places }),
    ...(throttledUntil > now && { throttledUntil: isoTime(throttledUntil) }),
    ...(forced && {
      forced: { ...forced, at: isoTime(forced.at) },
      unforced: conditionOf(withoutWord(verdict), now),
    }),
    ...(facts.lastFulfilledAt > 0 && { lastFulfilledAt: isoTime(facts.lastFulfilledAt) }),
    ...(facts.latencyMs !== undefined && { latencyMs: facts.latencyMs }),
  };
}

/** Since when it is as it is, in ms since the epoch; 0 for ever. A probe that fails does not begin a new outage. */
export function sinceOf({ forced, state, failingSince, changedAt }: FactoryVerdict): number {
  if (forced) return forced.at;
  return state === 'open' && failingSince > 0 ? failingSince : changedAt;
}

function withoutWord({ forced: _word, ...verdict }: FactoryVerdict): FactoryVerdict {
  return verdict;
}
