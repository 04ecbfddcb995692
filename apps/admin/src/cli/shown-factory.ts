import {
  conditionOf,
  type FactoryCondition,
  type FactoryName,
  type FactoryVerdict,
} from '@proofbox/contract';

/** A factory as the command line shows it. Times are ms since the epoch; what does not apply is absent. */
export type ShownFactory = {
  factory: FactoryName;
  condition: FactoryCondition;
  /** False when no worker or operator ever had anything to say about it. */
  hasVerdict: boolean;
  since?: number;
  cause?: string;
  /** When one order is tried, at the earliest. */
  until?: number;
  /** The order that is on its way as a probe. */
  probe?: { orderId: string; worker: string; until: number };
  /** Probes that must still be baked before it is closed. */
  probesLeft?: number;
  /** Orders the whole fleet may have there at once while it is tried carefully. */
  places?: number;
  throttledUntil?: number;
  forced?: { to: 'open' | 'closed'; by: string; at: number; why: string };
  /** What it would be without the operator's word. */
  unforced?: FactoryCondition;
};

export function toShownFactory(verdict: FactoryVerdict, now: number): ShownFactory {
  const { factory, state, forced, changedAt, openUntil, probe, probesLeft, places, throttledUntil } = verdict;
  const since = forced?.at ?? changedAt;
  return {
    factory,
    condition: conditionOf(verdict, now),
    hasVerdict: verdict.version > 0,
    ...(since > 0 && { since }),
    ...(verdict.cause !== undefined && { cause: verdict.cause }),
    ...(state === 'open' && { probesLeft, ...(openUntil > now && { until: openUntil }) }),
    ...(probe && probe.until > now && { probe }),
    ...(places !== undefined && { places }),
    ...(throttledUntil > now && { throttledUntil }),
    ...(forced && { forced, unforced: conditionOf(withoutWord(verdict), now) }),
  };
}

function withoutWord({ forced: _word, ...verdict }: FactoryVerdict): FactoryVerdict {
  return verdict;
}
