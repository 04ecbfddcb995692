import type { FactoryCondition, FactoryName } from '@proofbox/contract';
import type { FactorySwitch } from '@proofbox/contract/admin';
import type { Label } from './tone.ts';

export const factoryLabels: Record<FactoryName, string> = {
  primary: 'Primary factory',
  fallback: 'Fallback factory',
};

/** What Proofbox does with a factory, and why. */
export const conditionLabels: Record<FactoryCondition, Label> = {
  closed: { name: 'Taking orders', meaning: 'It works, and the workers send it orders.', tone: 'good' },
  half_open: {
    name: 'Being tried',
    meaning: 'It failed before. A few orders at a time go there to see whether it is back.',
    tone: 'careful',
  },
  open: {
    name: 'Failing',
    meaning: 'It keeps failing, so it gets no orders. The workers try one order at a time until it is back.',
    tone: 'bad',
  },
  out_of_service: {
    name: 'Refuses us',
    meaning:
      'It refuses one order after the other: most likely our key or URL there is wrong. The workers try one order now and then.',
    tone: 'bad',
  },
  forced_open: {
    name: 'Switched off',
    meaning: 'An operator switched it off. It gets no orders.',
    tone: 'chosen',
  },
  forced_closed: {
    name: 'Kept on',
    meaning: 'An operator keeps it on. It gets orders whatever happens.',
    tone: 'chosen',
  },
};

/** What an operator can do with a factory, and what follows. */
export const switchLabels: Record<FactorySwitch, { name: string; action: string; follows: string }> = {
  auto: {
    name: 'Automatic',
    action: 'Leave it to the workers',
    follows:
      'The workers judge by how its orders end: they stop when it fails, try one order at a time, and go on when it is back.',
  },
  open: {
    name: 'Off',
    action: 'Switch it off',
    follows:
      'It gets no orders from now on, until an operator switches it back. Orders go to the other factory, or wait.',
  },
  closed: {
    name: 'Keep on',
    action: 'Keep it on',
    follows:
      'It gets orders whatever happens, until an operator switches it back. If it fails, orders still go there, and each one takes longer.',
  },
};

/** The switch that made this condition. */
export function switchOf(condition: FactoryCondition): FactorySwitch {
  if (condition === 'forced_open') return 'open';
  return condition === 'forced_closed' ? 'closed' : 'auto';
}
