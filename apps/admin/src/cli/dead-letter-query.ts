import { toDeadLetter, type DeadLetter, type OrderRecord, type ParkReason } from '@proofbox/contract';
import type { OrderIndex } from '@proofbox/ledger';
import { CommandFailure, exitCodes } from './command-failure.ts';

/** Which dead letters somebody wants to see; without any of it, all. */
export type DeadLetterQuery = {
  reason?: ParkReason;
  dinerId?: string;
  state?: DeadLetter['state'];
};

/** The indexes that together hold every dead letter of the query: as few orders as there is an index for. */
export function indexesFor(query: DeadLetterQuery): Exclude<OrderIndex, 'all'>[] {
  if (query.dinerId !== undefined) return [{ dinerId: query.dinerId }];
  if (query.reason !== undefined) return [{ reason: query.reason }];
  if (query.state !== undefined) return [{ state: query.state }];
  return [{ state: 'dead' }, { state: 'held' }];
}

/** The order as a dead letter if the query asks for it. */
export function selectDeadLetter(query: DeadLetterQuery, order: OrderRecord): DeadLetter | undefined {
  const letter = toDeadLetter(order);
  const isWanted =
    (query.reason === undefined || letter?.reason === query.reason) &&
    (query.dinerId === undefined || letter?.dinerId === query.dinerId) &&
    (query.state === undefined || letter?.state === query.state);
  return isWanted ? letter : undefined;
}

/** @throws CommandFailure for a reason and a state that never come together: an empty list would look like good news */
export function checkQuery({ reason, state }: DeadLetterQuery): void {
  if (reason === undefined || state === undefined) return;
  const itsState = reason === 'unknown_outcome' ? 'held' : 'dead';
  if (state === itsState) return;
  const message = `--reason ${reason} is always ${itsState}: leave out --state ${state}.`;
  throw new CommandFailure(exitCodes.badUsage, message);
}
