import type { Command } from 'commander';
import { exampleId, invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { addDeadChange } from './dead-change.ts';
import { addDeadEdit } from './dead-edit.ts';
import { addOrderList } from './order-list.ts';
import { addOrderReveal, addOrderShow } from './order-show.ts';

/** `proofbox dead` */
export function defineDead(dead: Command, session: Session): void {
  dead
    .description('Dead letters: orders that will not be tried again unless you replay them.')
    .addHelpText('after', examples);
  addOrderList(dead, session, 'dead');
  addOrderShow(dead, session);
  addOrderReveal(dead, session);
  addDeadChange(dead, session, 'replay');
  addDeadEdit(dead, session);
  addDeadChange(dead, session, 'discard');
}

const examples = `
Examples:
  ${invocation} dead list --since 2h
  ${invocation} dead show ${exampleId}
  ${invocation} dead replay ${exampleId} \\
    --why "the factory is mended"
  ${invocation} dead discard ${exampleId} \\
    --why "the diner was refunded"
`;
