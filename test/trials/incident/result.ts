import type { Measures } from './measures.ts';
import type { Purchase } from './purchase.ts';
import type { ShopKey } from './shop.ts';
import type { Clock } from './timeline.ts';

export type ShopResult = {
  key: ShopKey;
  name: string;
  purchases: readonly Purchase[];
  /** In ms since the epoch. */
  alarmAt: number | undefined;
  /** The most probes that reached the dead factory together. */
  probesTogether: number;
  measures: Measures;
};

export type Result = { speed: number; clock: Clock; shops: readonly ShopResult[] };

/** For `--json`: one line. */
export function toJson({ speed, shops }: Pick<Result, 'speed' | 'shops'>): string {
  return JSON.stringify({ speed, ...Object.fromEntries(shops.map(({ key, measures }) => [key, measures])) });
}

/** Why the replay has failed, in lines for a person; none when it has not. */
export function problemsOf({ shops }: Pick<Result, 'shops'>): string[] {
  return shops.flatMap(({ key, name, measures }) => {
    const { failedForDiner, lost, dead } = measures;
    if (key !== 'synchronous') {
      return [
        ...(lost > 0 ? [`${name} lost ${ordersInWords(lost)}.`] : []),
        ...(dead > 0 ? [`${name} made ${ordersInWords(dead)} a dead letter.`] : []),
        ...(failedForDiner > 0 ? [`${name} failed the diners of ${ordersInWords(failedForDiner)}.`] : []),
      ];
    }
    return failedForDiner > 0
      ? []
      : ['The synchronous client failed nobody, so this run shows nothing: try a higher --rate.'];
  });
}

function ordersInWords(count: number): string {
  return count === 1 ? '1 order' : `${count} orders`;
}
