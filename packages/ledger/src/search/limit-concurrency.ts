/** Does some work as soon as fewer than the limit are under way. */
export type LimitConcurrency = <T>(work: () => Promise<T>) => Promise<T>;

/** Has at most so many pieces of work done at the same time; the others wait, first come, first served. */
export function limitConcurrency(most: number): LimitConcurrency {
  const waiting: (() => void)[] = [];
  let free = most;

  return async function limited(work) {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
