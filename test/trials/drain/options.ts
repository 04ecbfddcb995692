import { z } from 'zod';
import { between } from '../../support/command-line.ts';

export const usage = `npm run drain -- [--backlog <orders>] [--rps <orders a second>] [--json]
  --backlog  how many orders wait when the factory is back, 1 to 1000000 (default 10000)
  --rps      how many orders a second the factory bears, 1 to 100000 (default 200)
  --json     the result as the last line of stdout, all else on stderr`;

export const schema = z.object({
  backlog: between(1, 1_000_000).default(10_000),
  rps: between(1, 100_000).default(200),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof schema>;
