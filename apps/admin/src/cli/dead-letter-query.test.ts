import type { OrderRecord } from '@proofbox/contract';
import { expect, test } from 'vitest';
import { CommandFailure } from './command-failure.ts';
import { checkQuery, selectDeadLetter, type DeadLetterQuery } from './dead-letter-query.ts';

const dead: OrderRecord = {
  id: 'pb-1',
  state: 'dead',
  reason: 'rejected',
  source: 'frontend',
  dinerId: '2',
  request: { diner: { id: 2 }, order: { id: 'pb-1', franchiseId: 1, storeId: 1, items: [] } },
  acceptedAt: 1,
  updatedAt: 2,
  deadlineAt: 3,
  countedFailures: 0,
  replays: 0,
  attempts: [],
};

test.each<DeadLetterQuery>([{}, { reason: 'rejected' }, { dinerId: '2' }, { state: 'dead' }])(
  '%j asks for it',
  (query) => expect(selectDeadLetter(query, dead)).toMatchObject({ id: 'pb-1' }),
);

test.each<DeadLetterQuery>([
  { reason: 'expired' },
  { dinerId: '3' },
  { state: 'held' },
  { dinerId: '2', reason: 'expired' },
])('%j does not ask for it', (query) => expect(selectDeadLetter(query, dead)).toBeUndefined());

test.each(['queued', 'baking', 'fulfilled', 'discarded'] as const)(
  'an order that was replayed meanwhile, and is %s, is no dead letter',
  (state) => expect(selectDeadLetter({}, { ...dead, state })).toBeUndefined(),
);

test('a reason and a state that never come together are refused, and the others are not', () => {
  expect(() => checkQuery({ reason: 'unknown_outcome', state: 'dead' })).toThrow(CommandFailure);
  expect(() => checkQuery({ reason: 'expired', state: 'held' })).toThrow(CommandFailure);
  checkQuery({ reason: 'unknown_outcome', state: 'held' });
  checkQuery({ reason: 'expired', state: 'dead' });
});
