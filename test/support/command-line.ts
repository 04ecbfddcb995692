import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { z } from 'zod';

/** The command line is not valid; `message` says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The options of a command line, checked.
 * @param syntax which of them are flags, and which have a value
 * @throws UsageError that names each option that is wrong
 */
export function readCommandLine<T>(
  args: string[],
  { syntax, schema }: { syntax: ParseArgsOptionsConfig; schema: z.ZodType<T> },
): T {
  const parsed = schema.safeParse(valuesOf(args, syntax));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}

export function between(min: number, max: number) {
  const what = `expected a number from ${min} to ${max}`;
  return z.coerce.number({ error: what }).min(min, what).max(max, what);
}

function valuesOf(args: string[], options: ParseArgsOptionsConfig): object {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
