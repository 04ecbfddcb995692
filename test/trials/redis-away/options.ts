import { z } from 'zod';
import { between, readCommandLine } from '../../support/command-line.ts';

export const usage = `npm run redis-away -- [--seconds <length>] [--rate <orders a second>] [--kill-ingest] [--json]
  --seconds      how long Redis is away, 2 to 3600 (default 60)
  --rate         orders a second, 1 to 500 (default 100)
  --kill-ingest  the one ingest is killed (kill -9) in the middle and started again; who gets no answer meanwhile
                 sends the same order again, with the same Idempotency-Key; so does who loses one answer in ten
  --json         the result as the last line of stdout, all else on stderr`;

const schema = z.object({
  seconds: between(2, 3_600).default(60),
  rate: between(1, 500).default(100),
  'kill-ingest': z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof schema>;

/** @throws UsageError */
export function readOptions(args: string[]): Options {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  return readCommandLine(args, {
    schema,
    syntax: { seconds: text, rate: text, 'kill-ingest': flag, json: flag, help: flag },
  });
}
