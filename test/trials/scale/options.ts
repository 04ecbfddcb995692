import { z } from 'zod';
import { between } from '../../support/command-line.ts';

export const usage = `npm run scale -- [--orders <n>] [--rounds <n>] [--together <share>] [--rate <n>] [--seconds <n>] [--bulks <n>] [--keep <file>] [--json]
  --orders    how many dead letters there are, 1000 to 5000000 (default 100000)
  --rounds    how often each search is made, 1 to 10000 (default 200)
  --together  the part of them that was settled in one and the same millisecond, 0 to 1 (default 0.3)
  --rate      of the bulk replay, in orders a second, 1 to 5000 (default 2000)
  --seconds   how long a bulk replay lasts, 1 to 600 (default 30)
  --bulks     how many of them there are, one after another, 1 to 10 (default 3)
  --keep      where the dead letters are kept for later runs: made where it is not there, or is of others
  --json      the result as the last line of stdout`;

export const schema = z.object({
  orders: between(1_000, 5_000_000).default(100_000),
  rounds: between(1, 10_000).default(200),
  together: between(0, 1).default(0.3),
  rate: between(1, 5_000).default(2_000),
  seconds: between(1, 600).default(30),
  bulks: between(1, 10).default(3),
  keep: z.string().min(1).optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type ScaleOptions = Omit<z.output<typeof schema>, 'json' | 'help'>;

export type Options = z.output<typeof schema>;
