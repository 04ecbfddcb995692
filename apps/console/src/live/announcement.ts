import type { Overview } from '@proofbox/contract/admin';
import { conditionLabels, factoryLabels } from '../labels/factory-labels.ts';

/** How everything stands in sentences that stay the same while nothing of note happens. */
export function announcement({ factories, queuePause, warnings, workers }: Overview): string {
  return [
    ...factories.map(
      ({ factory, condition }) => `${factoryLabels[factory]}: ${conditionLabels[condition].name}.`,
    ),
    ...(queuePause.isPaused ? ['Delivery is paused.'] : []),
    ...(workers === 0 ? ['No worker is running.'] : []),
    ...warnings.map((each) => each.text),
  ].join(' ');
}
