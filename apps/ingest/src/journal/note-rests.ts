import type { OrderRecord } from '@proofbox/contract';
import type { Ledger, RedisWatch, Rest, WakeUps } from '@proofbox/ledger';
import { every } from '@proofbox/runtime';
import type { Journal, JournalFile } from '@proofbox/outbox';
import { restOf } from './rest-of.ts';

export type NoteRestsOptions = {
  journal: Journal;
  ledger: Pick<Ledger, 'find'>;
  watch: Pick<RedisWatch, 'ask' | 'answers'>;
  wakeUps: Pick<WakeUps, 'watch'>;
  onError: (error: Error) => void;
};

const heardEveryMs = 1_000;
const lookEveryMs = 5_000;
const atOnce = 100;

/**
 * Writes into the journal how its orders came to rest, so that none that was fulfilled is baked again when it has to be
 * put back. Most are heard of; what was missed is found by going round slowly among those that have not come to rest.
 */
export function noteRests(options: NoteRestsOptions): AsyncDisposable {
  const { journal, watch, wakeUps, onError } = options;
  const heard = new Set<string>();
  let lookedAt = -Infinity;
  wakeUps.watch((id) => heard.add(id));
  let after = 0;

  async function note(ids: string[]): Promise<void> {
    for (const [id, rest] of await findRests(options, ids)) journal.rest(id, rest);
  }

  async function turn(): Promise<void> {
    if (!watch.answers) return;
    const ids = [...heard];
    heard.clear();
    for (let from = 0; from < ids.length; from += atOnce) {
      const some = ids.slice(from, from + atOnce);
      await note(journal.look((file) => file.unsettled(some)) ?? []);
    }
    if (performance.now() - lookedAt < lookEveryMs) return;
    lookedAt = performance.now();
    const next = journal.look((file) => file.restless(after, atOnce)) ?? [];
    after = next.length < atOnce ? 0 : next.at(-1)!.seq;
    await note(next.map(({ id }) => id));
  }
  return every(heardEveryMs, turn, onError);
}

/** The same for a whole file that nobody writes to any more. */
export async function noteRestsIn(
  file: JournalFile,
  options: Pick<NoteRestsOptions, 'ledger' | 'watch'>,
): Promise<void> {
  let after = 0;
  for (;;) {
    const next = file.restless(after, atOnce);
    if (next.length === 0) return;
    after = next.at(-1)!.seq;
    const rests = await findRests(
      options,
      next.map(({ id }) => id),
    );
    file.commit(() => rests.forEach(([id, rest]) => file.rest(id, rest)));
  }
}

/** An order that cannot be read keeps no other from being noted. */
async function findRests(
  { ledger, watch }: Pick<NoteRestsOptions, 'ledger' | 'watch'>,
  ids: string[],
): Promise<[id: string, rest: Rest][]> {
  if (ids.length === 0) return [];
  const found = await watch.ask(() => Promise.allSettled(ids.map((id) => ledger.find(id))));
  return found
    .flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : []))
    .flatMap((order: OrderRecord) => {
      const rest = restOf(order);
      return rest ? [[order.id, rest]] : [];
    });
}
