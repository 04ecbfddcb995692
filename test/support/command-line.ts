import { parseArgs } from 'node:util';
import { z } from 'zod';

/** The command line is not valid; `message` says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * The options of a command line, checked: one for each field of the schema. A field that is true or false is a flag, every
 * other one has a value.
 * @throws UsageError that names each option that is wrong
 */
export function readCommandLine<S extends z.ZodObject>(args: string[], schema: S): z.output<S> {
  const parsed = schema.safeParse(valuesOf(args, schema));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}

export function between(min: number, max: number) {
  const what = `expected a number from ${min} to ${max}`;
  return z.coerce.number({ error: what }).min(min, what).max(max, what);
}

function valuesOf(args: string[], schema: z.ZodObject): object {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  const options = Object.entries(properties as Record<string, { type?: string }>).map(
    ([name, { type }]) => [name, { type: type === 'boolean' ? 'boolean' : 'string' }] as const,
  );
  try {
    return parseArgs({ args, options: Object.fromEntries(options) }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
