import { z } from 'zod';
import { between } from '../../support/command-line.ts';

export const usage = `npm run demo -- [--rate <orders a second>] [--seconds <length>] [--json]
  --rate     orders a second, 0.5 to 100 (default 5)
  --seconds  how long orders are placed, 10 to 600 (default 35); what waits then is baked afterwards
  --json     the result as the last line of stdout, all else on stderr`;

export const schema = z.object({
  rate: between(0.5, 100).default(5),
  seconds: between(10, 600).default(35),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof schema>;
