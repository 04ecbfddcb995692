import { claimAbandoned, type OutboxLocation } from '../files/claims.ts';
import { OutboxFile } from '../files/outbox-file.ts';
import type { Target } from './deliver.ts';
import { flushFile } from './flush.ts';

/** `left`: orders that Redis did not take; they stay where they are. `troubles`: what went wrong, and in which file. */
export type FlushedFiles = {
  files: number;
  delivered: number;
  conflicted: number;
  left: number;
  troubles: string[];
};

export type FlushAbandonedOptions = Omit<Target, 'areRepeatable'> & {
  location: OutboxLocation;
  /** Whether delivered orders are kept as second copies. */
  keepsCopies: boolean;
};

/**
 * Gives Redis the undelivered orders of processes that are gone, as an ingest would that takes them over. Files of living
 * processes are left to them. @throws whatever Redis fails with: what was not given stays where it is
 */
export async function flushAbandoned({ location, ...target }: FlushAbandonedOptions): Promise<FlushedFiles> {
  const done: FlushedFiles = { files: 0, delivered: 0, conflicted: 0, left: 0, troubles: [] };
  for (const claimed of claimAbandoned(location)) {
    using claim = claimed;
    done.files += 1;
    await flushInto(done, claim.file, target);
  }
  return done;
}

async function flushInto(
  done: FlushedFiles,
  name: string,
  target: Omit<FlushAbandonedOptions, 'location'>,
): Promise<void> {
  const onBroken = (error: unknown): void => void done.troubles.push(`${name}: ${(error as Error).message}`);
  using file = open(name, onBroken);
  if (!file) return;
  const { signal } = new AbortController();
  await flushFile(file, {
    ...target,
    isRestoring: false,
    areRepeatable: false,
    signal,
    onBroken,
    onBatch({ deliveries, broken }) {
      done.conflicted += broken.length;
      for (const delivery of deliveries) {
        if (delivery.status === 'failed') onBroken(delivery.error);
        else done[delivery.status === 'conflict' ? 'conflicted' : 'delivered'] += 1;
      }
    },
  });
  done.left += file.counts.undelivered;
}

function open(name: string, onBroken: (error: unknown) => void): OutboxFile | undefined {
  try {
    return new OutboxFile(name);
  } catch (error) {
    onBroken(error);
    return undefined;
  }
}
