import { z } from 'zod';
import { between, readCommandLine } from '../support/command-line.ts';

export const usage = `npm run scale -- [--orders <n>] [--rounds <n>] [--together <share>] [--json]
  --orders    how many dead letters there are, 1000 to 5000000 (default 100000)
  --rounds    how often each search is made, 1 to 10000 (default 200)
  --together  the part of them that came to rest in one and the same millisecond, 0 to 1 (default 0.3)
  --json      the result as the last line of stdout`;

const schema = z.object({
  orders: between(1_000, 5_000_000).default(100_000),
  rounds: between(1, 10_000).default(200),
  together: between(0, 1).default(0.3),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** @throws UsageError */
export function readOptions(args: string[]): z.output<typeof schema> {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  return readCommandLine(args, {
    schema,
    syntax: { orders: text, rounds: text, together: text, json: flag, help: flag },
  });
}
