import { claimFirst, claimNumber, familyOf, numbersIn } from './claims.ts';
import { SpoolFile } from './spool-file.ts';

/** The file of this process, and what others left behind. */
export type ClaimedSpool = Disposable & {
  file: SpoolFile;
  /** Takes over the orders of processes that are gone, such as after a scale-down. @returns how many */
  adopt(): number;
};

const adoptedAtOnce = 1_000;

/**
 * Claims a file of the folder.
 * @throws Error when the folder cannot be made or written
 */
export function claimSpool({ folder, keyTag }: { folder: string; keyTag: string }): ClaimedSpool {
  const family = familyOf({ folder, keyTag, kind: 'spool' });
  using opened = new DisposableStack();
  const own = opened.use(claimFirst(family));
  const file = opened.use(new SpoolFile(own.file));

  function adopt(): number {
    return numbersIn(family)
      .filter((number) => number !== own.number)
      .reduce((sum, number) => sum + adoptFile(family.base, number, file), 0);
  }
  const claimed = opened.move();
  return { file, adopt, [Symbol.dispose]: () => claimed.dispose() };
}

/** The copy is on the disk before the original goes; what a crash in between leaves twice is one order at the flush. */
function adoptFile(base: string, number: number, into: SpoolFile): number {
  using claim = claimNumber(base, number);
  if (!claim) return 0;
  using from = new SpoolFile(claim.file);
  let adopted = 0;
  for (;;) {
    const orders = from.oldest(adoptedAtOnce);
    if (orders.length === 0) return adopted;
    into.commit(() => {
      for (const { doubleClick: _promisedAlready, ...order } of orders) {
        const { status } = into.take(order, Infinity);
        if (status === 'conflict') into.park(order, 'another order with its Idempotency-Key was taken first');
      }
    });
    from.commit(() => orders.forEach(({ id }) => from.remove(id)));
    adopted += orders.length;
  }
}
