import { z } from 'zod';
import { between } from '../../support/command-line.ts';

export const usage = `npm run redis-away -- [--seconds <length>] [--rate <orders a second>] [--kill-ingest] [--json]
  --seconds      how long Redis is away, 2 to 3600 (default 60)
  --rate         orders a second, 1 to 500 (default 100)
  --kill-ingest  the one ingest is killed (kill -9) in the middle and started again; who gets no answer meanwhile
                 sends the same order again, with the same Idempotency-Key; so does who loses one answer in ten
  --json         the result as the last line of stdout, all else on stderr`;

export const schema = z.object({
  seconds: between(2, 3_600).default(60),
  rate: between(1, 500).default(100),
  'kill-ingest': z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof schema>;
