import type { NextStep } from '@proofbox/contract/admin';
import { invocation } from '../../session/invocation.ts';

/** What a person can do about an order, as lines for a shell. */
export function nextCommands(id: string, actions: NextStep['actions']): string[] {
  return actions.flatMap((action) => commandsFor[action](id));
}

const commandsFor: Record<NextStep['actions'][number], (id: string) => string[]> = {
  replay: (id) => [`${invocation} dead replay ${id} --why "…"`],
  edit: (id) => [`${invocation} dead edit ${id} --why "…"`],
  discard: (id) => [`${invocation} dead discard ${id} --why "…"`],
  factories: () => [`${invocation} factory list`, `${invocation} factory auto primary --why "…"`],
};
