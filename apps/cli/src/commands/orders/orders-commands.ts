import type { Command } from 'commander';
import { exampleId, invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { addOrderList } from './order-list.ts';
import { addOrderReveal, addOrderShow } from './order-show.ts';

/** `proofbox orders` */
export function defineOrders(orders: Command, session: Session): void {
  orders.description('Any order, whatever its state.').addHelpText('after', examples);
  addOrderList(orders, session, 'any');
  addOrderShow(orders, session);
  addOrderReveal(orders, session);
}

const examples = `
Examples:
  ${invocation} orders list --diner 2 --since 1d
  ${invocation} orders show ${exampleId}
`;
