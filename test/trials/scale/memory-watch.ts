import { setTimeout as sleep } from 'node:timers/promises';
import { readMetrics } from '../../support/metrics.ts';

/** Of a process' resident memory, in MB. */
export type MemorySpread = { first: number; last: number; max: number };

const everyMs = 500;

/** Looks at a process' memory while something is done. */
export async function whileWatchingMemory<T>(
  url: string,
  work: () => Promise<T>,
): Promise<{ result: T; memory: MemorySpread }> {
  const done = new AbortController();
  const seen = [await memoryOf(url)];
  const watching = (async () => {
    while (!done.signal.aborted) {
      await sleep(everyMs, undefined, { signal: done.signal }).catch(() => {});
      seen.push(await memoryOf(url));
    }
  })();
  try {
    const result = await work();
    done.abort();
    await watching;
    return { result, memory: { first: seen[0]!, last: seen.at(-1)!, max: Math.max(...seen) } };
  } finally {
    done.abort();
    await watching.catch(() => {});
  }
}

async function memoryOf(url: string): Promise<number> {
  const samples = await readMetrics(url);
  const bytes = samples.find(({ name }) => name === 'process_resident_memory_bytes')?.value;
  if (bytes === undefined) throw new Error(`${url} does not tell its memory.`);
  return bytes / 1_048_576;
}
