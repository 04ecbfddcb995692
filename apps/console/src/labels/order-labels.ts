import type { OrderState, DeadLetterReason } from '@proofbox/contract';
import type { Label } from './tone.ts';

/** The states of an order, for a person who has never seen them. */
export const stateLabels: Record<OrderState, Label> = {
  queued: { name: 'Waiting', meaning: 'It waits for its turn at a factory.', tone: 'busy' },
  baking: { name: 'Baking', meaning: 'A factory has it right now.', tone: 'busy' },
  fulfilled: { name: 'Fulfilled', meaning: 'A factory baked it and sent a valid receipt.', tone: 'good' },
  held: {
    name: 'Held',
    meaning: 'Nobody knows whether it was baked, and another try could bake it twice.',
    tone: 'careful',
  },
  dead: { name: 'Dead letter', meaning: 'It is not tried again unless an operator replays it.', tone: 'bad' },
  discarded: {
    name: 'Discarded',
    meaning: 'An operator gave it up. Its diner gets no pizza.',
    tone: 'quiet',
  },
};

/** Why an order is dead or held. */
export const reasonLabels: Record<DeadLetterReason, Omit<Label, 'tone'>> = {
  rejected: {
    name: 'Refused',
    meaning: 'The factory says that this order is wrong. Edit it before a replay.',
  },
  exhausted: {
    name: 'Failed too often',
    meaning: 'It failed several times while the same factory baked other orders.',
  },
  expired: { name: 'Too late', meaning: 'No factory baked it before its deadline.' },
  unknown_outcome: {
    name: 'Outcome unknown',
    meaning: 'The factory had it and never answered. It may have been baked.',
  },
};
