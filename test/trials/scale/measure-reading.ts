import type { AdminCaller } from './admin-caller.ts';
import { spreadOf, type Spread } from './spread.ts';
import { searchPath } from './search-path.ts';
import type { SearchCase } from './search-cases.ts';

/** Pages in ms, and what else came meanwhile. */
export type ReadingMeasured = { page: Spread; exportedBytes: number; eventBytes: number };

const pages = 200;

/** Reads pages while the audit log is exported and a console listens. */
export async function measureReading(caller: AdminCaller, cases: SearchCase[]): Promise<ReadingMeasured> {
  const console = new AbortController();
  const events = caller.read('/api/events', console.signal);
  const exported = caller.read('/api/audit/export?format=ndjson');
  const times: number[] = [];
  for (let n = 0; n < pages; n += 1) {
    times.push((await caller.get(searchPath(cases[n % cases.length]!))).ms);
  }
  const exportedBytes = await exported;
  console.abort();
  return { page: spreadOf(times), exportedBytes, eventBytes: await events };
}
