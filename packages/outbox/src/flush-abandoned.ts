import { familyOf, withAbandoned } from './claims.ts';
import { giveBatch, type BatchTaker } from './give-batch.ts';
import { SpoolFile } from './spool-file.ts';
import type { SpoolPlace } from './survey.ts';

/** `left`: orders that Redis did not take; they stay where they are. `troubles`: files that could not be flushed. */
export type FlushedFiles = {
  files: number;
  flushed: number;
  parked: number;
  left: number;
  troubles: string[];
};

const batchSize = 100;

/**
 * Gives Redis what processes that are gone left behind, as an ingest would that takes it over. Files of living processes
 * are left to them.
 * @throws whatever Redis fails with: what was not given stays where it is
 */
export async function flushAbandoned(place: SpoolPlace, taker: BatchTaker): Promise<FlushedFiles> {
  const done: FlushedFiles = { files: 0, flushed: 0, parked: 0, left: 0, troubles: [] };
  done.files = await withAbandoned(familyOf({ ...place, kind: 'spool' }), async (name) => {
    using file = openFile(name, done);
    if (!file) return;
    for (;;) {
      const batch = file.oldest(batchSize);
      if (batch.length === 0) break;
      const { flushed, parked, failures } = await giveBatch(file, taker, batch);
      done.flushed += flushed.length;
      done.parked += parked.length;
      for (const failure of failures) done.troubles.push(`${name}: ${(failure as Error).message}`);
      if (flushed.length + parked.length === 0) break;
    }
    done.left += file.orders;
  });
  return done;
}

function openFile(name: string, { troubles }: FlushedFiles): SpoolFile | undefined {
  try {
    return new SpoolFile(name);
  } catch (error) {
    troubles.push(`${name}: ${(error as Error).message}`);
    return undefined;
  }
}
