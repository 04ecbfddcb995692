import type { FactoryName } from '@proofbox/contract';
import type { FactoryControl, Fault } from '../../support/factory-control.ts';

/** What one factory is like. */
type Condition = { label: string; fault?: Fault };

export type Phase = {
  name: string;
  /** What happens now, for whoever watches. */
  label: string;
  /** Of the whole time in which orders are placed. */
  share: number;
  factories: Record<FactoryName, Condition>;
};

const healthy: Condition = { label: 'healthy' };
// None of these faults bakes a pizza and then hides it, so one that is baked twice is our doing.
const failing: Condition = { label: 'broken: answers 500', fault: { kind: 'fail' } };
const down: Condition = { label: 'broken: refuses connections', fault: { kind: 'down' } };

/** One after the other; orders are placed all the time. */
export const phases: readonly Phase[] = [
  {
    name: 'all healthy',
    label: 'Both factories are healthy.',
    share: 0.18,
    factories: { primary: healthy, fallback: healthy },
  },
  {
    name: 'primary broken',
    label: 'The primary factory breaks. The fallback takes over.',
    share: 0.27,
    factories: { primary: failing, fallback: healthy },
  },
  {
    name: 'both broken',
    label: 'The fallback breaks, too. Orders wait, and their diners hold tickets.',
    share: 0.2,
    factories: { primary: failing, fallback: down },
  },
  {
    name: 'mended',
    label: 'Both factories are mended. The worker finds out by itself.',
    share: 0.35,
    factories: { primary: healthy, fallback: healthy },
  },
];

/** No orders are placed any more. */
export const draining: Phase = {
  name: 'draining',
  label: 'No new orders. What still waits is baked.',
  share: 0,
  factories: { primary: healthy, fallback: healthy },
};

export type Factories = Record<FactoryName, FactoryControl>;

/** Makes both factories what the phase says they are. */
export async function bringAbout(phase: Phase, factories: Factories): Promise<void> {
  for (const name of ['primary', 'fallback'] as const) {
    const { fault } = phase.factories[name];
    await (fault ? factories[name].misbehave(fault) : factories[name].mend());
  }
}
