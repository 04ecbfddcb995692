import type { OrderState } from '@proofbox/contract';
import type { Style } from './terminal.ts';

/** The colour of each state: red and yellow need an operator. */
export const styleOfState: Record<OrderState, Style> = {
  queued: 'bold',
  baking: 'bold',
  fulfilled: 'green',
  held: 'yellow',
  dead: 'red',
  discarded: 'dim',
};

/** "dead: rejected", "queued". */
export function stateLabel({ state, reason }: { state: OrderState; reason?: string | undefined }): string {
  return reason === undefined ? state : `${state}: ${reason}`;
}
