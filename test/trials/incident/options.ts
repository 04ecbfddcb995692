import { z } from 'zod';
import { between } from '../../support/command-line.ts';

export const usage = `npm run incident -- [--speed <times>] [--rate <orders a second>] [--json] [--picture]
  --speed    how many times faster than it was, 1 to 300 (default 60: a minute takes a second)
  --rate     orders a second of wall time in each of the three shops, 0.5 to 50 (default 5)
  --json     the result as the last line of stdout, all else on stderr
  --picture  draw the picture at the top of the README anew, instead of one in .data/incident`;

export const schema = z.object({
  speed: between(1, 300).default(60),
  rate: between(0.5, 50).default(5),
  json: z.boolean().default(false),
  picture: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof schema>;
