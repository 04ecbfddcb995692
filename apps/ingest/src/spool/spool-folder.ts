import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { lockFile } from './file-lock.ts';
import { SpoolFile } from './spool-file.ts';

/** The file of this process, and what others left behind. */
export type ClaimedSpool = Disposable & {
  file: SpoolFile;
  /** Takes over the orders of processes that are gone, such as after a scale-down. @returns how many */
  adopt(): number;
};

/** More ingests than anybody runs on one folder. */
const mostFiles = 10_000;
const adoptedAtOnce = 1_000;

/**
 * Claims the first file of the folder that no living process has: a restarted process finds its own, and several may
 * share the folder. Files go by the key tag, so that no Proofbox flushes the orders of another one.
 * @throws Error when the folder cannot be made or written
 */
export function claimSpool({ folder, keyTag }: { folder: string; keyTag: string }): ClaimedSpool {
  const base = path.join(folder, encodeURIComponent(keyTag));
  // Orders have personal data in them.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  using opened = new DisposableStack();
  const own = claimFirst(base);
  opened.use(own.lock);
  const file = opened.use(new SpoolFile(`${base}.${own.number}.sqlite`));

  function adopt(): number {
    return numbersIn(base)
      .filter((number) => number !== own.number)
      .reduce((sum, number) => sum + adoptFile(base, number, file), 0);
  }
  const claimed = opened.move();
  return { file, adopt, [Symbol.dispose]: () => claimed.dispose() };
}

function claimFirst(base: string): { number: number; lock: Disposable } {
  for (let number = 1; number <= mostFiles; number += 1) {
    const lock = lockFile(`${base}.${number}.lock`);
    if (lock) return { number, lock };
  }
  throw new Error(`all ${mostFiles} files are in use`);
}

/** The copy is on the disk before the original goes; what a crash in between leaves twice is one order at the flush. */
function adoptFile(base: string, number: number, into: SpoolFile): number {
  using lock = lockFile(`${base}.${number}.lock`);
  if (!lock) return 0;
  using from = new SpoolFile(`${base}.${number}.sqlite`);
  let adopted = 0;
  for (;;) {
    const orders = from.oldest(adoptedAtOnce);
    if (orders.length === 0) return adopted;
    into.commit(() => {
      for (const { doubleClick: _promisedAlready, ...order } of orders) {
        const { verdict } = into.take(order, Infinity);
        if (verdict === 'conflict')
          into.park(order, 'another order with its Idempotency-Key was taken first');
      }
    });
    from.commit(() => orders.forEach(({ id }) => from.remove(id)));
    adopted += orders.length;
  }
}

function numbersIn(base: string): number[] {
  const name = path.basename(base);
  return readdirSync(path.dirname(base))
    .filter((file) => file.startsWith(`${name}.`) && file.endsWith('.sqlite'))
    .map((file) => Number(file.slice(name.length + 1, -'.sqlite'.length)))
    .filter(Number.isInteger);
}
