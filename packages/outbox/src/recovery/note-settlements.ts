import type { Ledger, RedisWatch, Settlement, SettledNotifier } from '@proofbox/ledger';
import type { OutboxFile } from '../files/outbox-file.ts';
import type { OutboxFiles } from '../files/outbox-files.ts';
import { settlementOf } from './settlement-of.ts';

export type SettledOrders = {
  ledger: Pick<Ledger, 'find'>;
  watch: Pick<RedisWatch, 'ask' | 'answers'>;
};

const lookEveryMs = 5_000;
const atOnce = 100;

/**
 * Writes down how the orders of this process's own file were settled, so that none that was fulfilled is baked again when
 * it has to be restored. Most are notified; a slow round among those that are not settled finds what was missed.
 * @returns one run, to be called every second or so
 */
export function createSettlementNotes(
  options: SettledOrders & { files: OutboxFiles; notifier: Pick<SettledNotifier, 'watch'> },
): () => Promise<void> {
  const { files, watch, notifier } = options;
  const notified = new Set<string>();
  let lookedAt = -Infinity;
  notifier.watch((id) => notified.add(id));
  let after = 0;

  async function note(ids: string[]): Promise<void> {
    for (const [id, settlement] of await findSettlements(options, ids)) files.settle(id, settlement);
  }

  return async () => {
    if (!watch.answers) return;
    const ids = [...notified];
    notified.clear();
    for (let from = 0; from < ids.length; from += atOnce) {
      const some = ids.slice(from, from + atOnce);
      await note(files.own?.unsettledAmong(some) ?? []);
    }
    if (performance.now() - lookedAt < lookEveryMs) return;
    lookedAt = performance.now();
    const next = files.own?.unsettled(after, atOnce) ?? [];
    after = next.length < atOnce ? 0 : next.at(-1)!.seq;
    await note(next.map(({ id }) => id));
  };
}

/** The same for a whole file that nobody writes to any more. */
export async function noteSettlementsIn(file: OutboxFile, options: SettledOrders): Promise<void> {
  for (let after = 0; ;) {
    const next = file.unsettled(after, atOnce);
    if (next.length === 0) return;
    after = next.at(-1)!.seq;
    const ids = next.map(({ id }) => id);
    const settlements = await findSettlements(options, ids);
    file.commit(() => settlements.forEach(([id, settlement]) => file.settle(id, settlement)), {
      isSynced: false,
    });
  }
}

/** An order that cannot be read keeps no other from being noted. */
async function findSettlements(
  { ledger, watch }: SettledOrders,
  ids: string[],
): Promise<[id: string, settlement: Settlement][]> {
  if (ids.length === 0) return [];
  const found = await watch.ask(() => Promise.allSettled(ids.map((id) => ledger.find(id))));
  return found
    .flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : []))
    .flatMap((order) => {
      const settlement = settlementOf(order);
      return settlement ? [[order.id, settlement]] : [];
    });
}
