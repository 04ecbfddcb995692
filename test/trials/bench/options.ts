import { z } from 'zod';
import { between } from '../../support/command-line.ts';

export const parts = ['accept', 'drain', 'e2e', 'idle'] as const;
export type Part = (typeof parts)[number];

export const usage = `npm run bench -- [--only <parts>] [--rounds <n>] [--orders <n>] [--seconds <n>] [--json]
  --only     some parts only, such as accept,drain (${parts.join(', ')})
  --rounds   how often each contender is measured, one after the other, 1 to 100 (default 3)
  --orders   how many orders a round of accept and of drain has, 100 to 1000000 (default 10000)
  --seconds  how long a round of e2e and the watch over an idle shop last, 1 to 600 (default 10, 60)
  --json     the result as the last line of stdout`;

export const schema = z.object({
  only: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(parts, { error: `expected some of ${parts.join(', ')}` })))
    .default([...parts]),
  rounds: between(1, 100).int('expected a whole number').default(3),
  orders: between(100, 1_000_000).int('expected a whole number').default(10_000),
  seconds: between(1, 600).int('expected a whole number').optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof schema>;
