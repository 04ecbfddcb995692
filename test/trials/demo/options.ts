import { parseArgs } from 'node:util';
import { z } from 'zod';

export const usage = `npm run demo -- [--rate <orders a second>] [--seconds <length>] [--json]
  --rate     orders a second, 0.5 to 100 (default 5)
  --seconds  how long orders are placed, 10 to 600 (default 35); what waits then is baked afterwards
  --json     the result as the last line of stdout, all else on stderr`;

const options = z.object({
  rate: between(0.5, 100).default(5),
  seconds: between(10, 600).default(35),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
export type Options = z.output<typeof options>;

/** The command line is not valid; `message` says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function readOptions(args: string[]): Options {
  const parsed = options.safeParse(valuesOf(args));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}

function valuesOf(args: string[]): object {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args, options: { rate: text, seconds: text, json: flag, help: flag } }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function between(min: number, max: number) {
  const what = `expected a number from ${min} to ${max}`;
  return z.coerce.number({ error: what }).min(min, what).max(max, what);
}
