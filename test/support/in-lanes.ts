/** So many at a time. */
const lanes = 8;

/** Does the work for each item, a few at a time, until all are done or `signal` aborts. @param work must never reject */
export async function inLanes<T>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  // All lanes take from one iterator.
  const left = items.values();
  async function lane(): Promise<void> {
    for (const item of left) {
      if (signal.aborted) return;
      await work(item);
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
}
