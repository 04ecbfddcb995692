/** Where a worker stands among those that live. */
export type FleetPosition = { workers: number; /** 0 for the first */ rank: number };

/** This worker's part of so many permits, so that the parts of all workers add up to them. */
export function shareOf(permits: number, { workers, rank }: FleetPosition): number {
  return Math.floor(permits / workers) + (rank < permits % workers ? 1 : 0);
}
