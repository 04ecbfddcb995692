import type { Command } from 'commander';
import { invocation } from '../../session/invocation.ts';
import type { Session } from '../../session/session.ts';
import { addFactoryList } from './factory-list.ts';
import { addFactorySwitches } from './factory-switch.ts';

/** `proofbox factory` */
export function defineFactory(factory: Command, session: Session): void {
  factory
    .description(
      'The factories, as the whole fleet of workers treats them, and the switches that overrule the workers.',
    )
    .addHelpText('after', examples);
  addFactoryList(factory, session);
  addFactorySwitches(factory, session);
}

const examples = `
Examples:
  ${invocation} factory list
  ${invocation} factory off primary --why "ovens are cleaned"
  ${invocation} factory auto primary --why "the ovens are clean"
`;
