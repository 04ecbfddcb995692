import { z } from 'zod';
import { between } from '../../support/command-line.ts';

export const usage = `npm run outbox-cost -- [--rounds <pairs>] [--orders <per round>] [--lanes <at a time>] [--json]
  --rounds  how often each ingest has its turn, 1 to 1000 (default 20)
  --orders  how many orders it is sent then, 10 to 100000 (default 500)
  --lanes   how many of them at a time, 1 to 1000 (default 16)
  --json    the result as the last line of stdout`;

export const schema = z.object({
  rounds: between(1, 1_000).default(20),
  orders: between(10, 100_000).default(500),
  lanes: between(1, 1_000).default(16),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type Options = z.output<typeof schema>;
