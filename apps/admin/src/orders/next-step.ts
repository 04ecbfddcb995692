import type { OrderRecord, OutcomeKind, DeadLetterReason } from '@proofbox/contract';
import type { NextStep } from '@proofbox/contract/admin';

/** What a person should do about an order. Pure: depends on where the order stands, and why. */
export function nextStepFor({ state, reason, discardReason, attempts }: OrderRecord): NextStep {
  switch (state) {
    case 'queued':
      if (refusals.has(attempts.at(-1)?.outcome)) return refused;
      return unlessGivenUp('Nothing: it waits in the queue, and the workers try it until its deadline.');
    case 'baking':
      return unlessGivenUp('Nothing: a worker is busy with it.');
    case 'fulfilled':
      return nothing('Nothing: it is baked, and its diner has the receipt.');
    case 'discarded':
      return nothing(`Nothing: an operator gave up on it${discardReason ? `: ${discardReason}` : '.'}`);
    case 'dead':
    case 'held':
      return reason === undefined ? unexplained : stepAfter[reason];
  }
}

const refusals: ReadonlySet<OutcomeKind | undefined> = new Set<OutcomeKind>(['rejected', 'misconfigured']);

const refused: NextStep = {
  advice:
    'The factory that was tried last refused it, so it waits for another try. If the factory refuses other orders, too, our key or URL there is wrong; if it bakes them, this order is the trouble, and soon becomes a dead letter.',
  actions: ['factories', 'discard'],
};

const unexplained: NextStep = {
  advice: 'Find out what happened first.',
  actions: ['replay', 'edit', 'discard'],
};

const stepAfter: Record<DeadLetterReason, NextStep> = {
  rejected: {
    advice:
      'The factory says that this order is wrong, so a replay as it is will most likely end the same way. Edit what is wrong and replay it. If the factory was wrong and is mended, replay it as it is; otherwise tell the diner and discard it.',
    actions: ['edit', 'replay', 'discard'],
  },
  exhausted: {
    advice:
      'It failed again and again while the same factory baked other orders, so look for what is special about it. Once that is mended, at the factory or by an edit, replay it; otherwise tell the diner and discard it.',
    actions: ['edit', 'replay', 'discard'],
  },
  expired: {
    advice:
      'No factory baked it before its deadline. If the diner still wants it and a factory takes orders again, replay it: it gets a new deadline.',
    actions: ['replay', 'factories', 'discard'],
  },
  unknown_outcome: {
    advice:
      'The factory may have baked it without telling us, and another try could bake it twice. Ask the factory about this id first: replay it if the factory never baked it, discard it if it did.',
    actions: ['replay', 'discard'],
  },
};

/** Its diner may have changed their mind. */
function unlessGivenUp(advice: string): NextStep {
  return { advice, actions: ['discard'] };
}

function nothing(advice: string): NextStep {
  return { advice, actions: [] };
}
