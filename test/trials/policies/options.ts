import { z } from 'zod';
import { between } from '../../support/command-line.ts';
import { rows, type Row } from './row.ts';

export const usage = `npm run policies -- [--only <rows>] [--canaries] [--seed <n>] [--json] [--write]
  --only      rows whose name contains one of these, such as down-400,random/alone,x3
              (a name is scenario/alone|fallback/orders a second x workers, such as flapping/alone/0.5x2)
  --canaries  canary orders are sent, each 10 s where no order was baked
  --seed      which orders, which chance; the same seed gives the same table (default 1)
  --json      the rows as the last line of stdout, all else on stderr
  --write     writes docs/policies.md: the whole table, so not together with --only or --canaries`;

export const schema = z
  .object({
    only: z
      .string()
      .transform((text) => text.split(',').filter((each) => each !== ''))
      .refine((parts) => rowsWith(parts).length > 0, 'expected a part of the name of a row')
      .default([]),
    canaries: z.boolean().default(false),
    seed: between(0, 4_294_967).int('expected a whole number').default(1),
    json: z.boolean().default(false),
    write: z.boolean().default(false),
    help: z.boolean().default(false),
  })
  .refine(({ write, only, canaries }) => !write || (only.length === 0 && !canaries), {
    path: ['write'],
    message: 'not together with --only or --canaries',
  });
export type Options = z.output<typeof schema>;

/** The rows with one of these in their names; all of them where there is none. */
export function rowsWith(parts: readonly string[]): readonly Row[] {
  return parts.length === 0 ? rows : rows.filter(({ name }) => parts.some((part) => name.includes(part)));
}
