import type { RowResult } from './run-row.ts';
import { scenarios } from './scenarios/index.ts';
import { tableOf } from './table.ts';

const introduction = `# What diners get of the policies

\`npm run policies -- --write\` writes this page. It drives the real policies (breaker, rate limiter, retry budget, rounds,
back-off, the worker's admission, and what ingest tells a diner) in simulated time against simulated factories, with the same
orders for each way of serving them, and compares them with two clients that do without Proofbox. The same seed gives the
same table.

## How to read it

- **at once**: of the good orders, the part whose diner had the pizza in the reply, within the 4 s that a diner waits. Who
  gets a ticket counts as not, however soon the pizza is there.
- **once**, **retries**: the same for the two yardsticks. One client tries once and waits for as long as the diner does; the
  other one tries again up to five times, after 100 ms, 200 ms, … up to 1 s, with jitter and with a time-out of 2 s for each
  try. Both know the primary only, also where there is a fallback.
- **p50**, **p95**, **max**: from accepted to baked, of all good orders with Proofbox. A bad order is one that no factory
  ever bakes.
- **dead**: good orders that became dead letters.
- **calls/order**: calls to any factory for each order, with Proofbox and with the retrying client.
- **bad ones dead**: after how long 95 % of the bad orders were dead letters, of those from the first half.
- **dead calls (may)**: calls to the primary while it baked nothing, and how many its breaker may cost: for each opening
  three, or those that were under way already when the third one had failed; one for each time that it stayed open; and
  before that the repeats of the orders that failed first, each after its own back-off, because no order opens a breaker
  by itself. **retries: dead calls** is what the retrying client sent it meanwhile.
- **full pace**: from the mending of the primary until no good order had waited for more than a second.
- **mark**: \`below\` where fewer diners had their pizza at once than with the better yardstick, by more than one order and
  more than 0.5 %. Where it must be so a reason is given, which holds up to a bound. \`too many calls\` where a dead
  factory was sent more than it may, \`calls too early\` where a Retry-After was not obeyed. The command fails for a mark
  without a reason.

A worker has the settings that it has by default: 100 orders at once, 2 s per call. A healthy factory bakes in 20 ms.
`;

/** All rows, scenario by scenario, in Markdown. */
export function tablesOf(results: readonly RowResult[]): string {
  const sections = scenarios.flatMap(({ name, text }) => {
    const own = results.filter(({ row }) => row.scenario.name === name);
    return own.length === 0
      ? []
      : [`## ${text[0]!.toUpperCase()}${text.slice(1)} (\`${name}\`)\n\n${tableOf(own)}\n`];
  });
  return sections.join('\n');
}

/** `docs/policies.md`. */
export function pageOf(results: readonly RowResult[], seed: number): string {
  return `${introduction}\nSeed ${seed}, ${results.length} rows.\n\n${tablesOf(results)}`;
}
