/** Pieces of work at the same time, up to `most`. The first failure ends them all: `settle` waits for the others, and throws it. */
export function createInFlight(most: number) {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;

  return {
    get hasFailed(): boolean {
      return failure !== undefined;
    },
    /** Begins a piece, as soon as there is room for it. */
    async start(work: () => Promise<void>): Promise<void> {
      while (running.size >= most) await Promise.race(running);
      const piece = work()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(piece));
      running.add(piece);
    },
    /** Waits for all that was begun. @throws the first failure */
    async settle(): Promise<void> {
      await Promise.all(running);
      if (failure === undefined) return;
      const { error } = failure;
      failure = undefined;
      throw error;
    },
  };
}
