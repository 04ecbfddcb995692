import type { OrderRecord, ParkReason } from '@proofbox/contract';
import { invocation } from './invocation.ts';

/** What a person should do about an order. `commands` are ready to be pasted. */
export type NextStep = { advice: string; commands: string[] };

/** Pure: depends on where the order stands, and why. */
export function nextStepFor({ id, state, reason, discardReason, attempts }: OrderRecord): NextStep {
  switch (state) {
    case 'queued':
      if (attempts.at(-1)?.outcome === 'misconfigured') return refused;
      return nothing('Nothing: it waits in the queue and is tried until its deadline.');
    case 'baking':
      return nothing('Nothing: a worker is at it.');
    case 'fulfilled':
      return nothing('Nothing: it is baked, and its diner has the receipt.');
    case 'discarded':
      return nothing(`Nothing: somebody gave up on it${discardReason ? `: ${discardReason}` : '.'}`);
    case 'dead':
    case 'held':
      return { advice: reason ? adviceOn[reason] : 'Find out what happened first.', commands: choices(id) };
  }
}

const refused: NextStep = {
  advice:
    'It waits, and the factory that was asked last refuses us, not the order: our key or our URL is wrong there. Correct the settings and restart the workers, or say that the factory has mended it:',
  commands: [`${invocation} factory list`, `${invocation} factory auto primary --why "…"`],
};

const adviceOn: Record<ParkReason, string> = {
  rejected:
    'The factory says that this order is wrong, so a replay will most likely end the same way. If the factory was wrong and is mended, replay it; otherwise tell the diner and discard it.',
  exhausted:
    'It failed again and again while the same factory baked other orders, so look for what is special about it. Once that is mended, replay it; otherwise tell the diner and discard it.',
  expired:
    'No factory baked it before its deadline. If the diner still wants it and a factory takes orders again, replay it: it gets a new deadline.',
  unknown_outcome:
    'The factory may have baked it without telling us, and it may bake twice when asked twice. Ask the factory about this id first: replay it if the factory never baked it, discard it if it did.',
};

function choices(id: string): string[] {
  return [`${invocation} dead replay ${id}`, `${invocation} dead discard ${id} --why "…"`];
}

function nothing(advice: string): NextStep {
  return { advice, commands: [] };
}
