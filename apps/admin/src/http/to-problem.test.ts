import { Conflict, InvalidCursor, InvalidEdit, OrderTooLarge } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { toProblem } from './to-problem.ts';

test.each([
  [409, 'it has ended', new Conflict('it has ended')],
  [400, 'no cursor', new InvalidCursor('no cursor')],
  [400, 'The order is not valid: order.id: it is fixed', new InvalidEdit('order.id', 'it is fixed')],
  [413, 'it is too large', new OrderTooLarge('it is too large')],
])('what the ledger refuses is a problem for whoever asked: %i, %s', (status, message, error) => {
  expect(toProblem(error)).toMatchObject({ name: 'ProblemError', status, message });
});

test('an error that nobody foresaw stays as it is', () => {
  const error = new TypeError('a bug');
  expect(toProblem(error)).toBe(error);
});
