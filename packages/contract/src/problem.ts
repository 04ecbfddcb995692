import { z } from 'zod';

/** RFC 9457 problem document. `message` repeats `detail`: it is the field the shop's frontend shows. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  message: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** A refusal that knows its HTTP status and says, for a person, what was wrong and what to do. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly title: string;
  readonly errors: Problem['errors'];
  readonly headers: Record<string, string>;

  constructor(input: {
    status: number;
    title: string;
    detail: string;
    errors?: Problem['errors'];
    headers?: Record<string, string>;
  }) {
    super(input.detail);
    this.status = input.status;
    this.title = input.title;
    this.errors = input.errors;
    this.headers = input.headers ?? {};
  }

  toProblem(): Problem {
    return {
      type: 'about:blank',
      title: this.title,
      status: this.status,
      detail: this.message,
      message: this.message,
      ...(this.errors && { errors: this.errors }),
    };
  }
}

/** A person reads the first few; `errors` has them all. */
const mostErrorsShown = 5;

/** What a client sent as `schema` has it, or a 400 that names every field that is wrong. */
export function parsedOrProblem<S extends z.ZodType>(
  schema: S,
  input: unknown,
  what: string,
): { value: z.output<S> } | { error: ProblemError } {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { value: parsed.data };
  const errors = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  return { error: notValid(what, errors) };
}

/** The same where that is thrown. @throws ProblemError 400 */
export function parseOrProblem<S extends z.ZodType>(schema: S, input: unknown, what: string): z.output<S> {
  const parsed = parsedOrProblem(schema, input, what);
  if ('error' in parsed) throw parsed.error;
  return parsed.value;
}

/** A 400 for something that a client sent, with each field that is wrong. */
export function notValid(what: string, errors: NonNullable<Problem['errors']>): ProblemError {
  const shown = errors
    .slice(0, mostErrorsShown)
    .map((each) => (each.path ? `${each.path}: ${each.message}` : each.message));
  if (errors.length > shown.length) shown.push(`and ${errors.length - shown.length} more`);
  return new ProblemError({
    status: 400,
    title: 'Bad Request',
    detail: `${what} is not valid: ${shown.join('; ')}`,
    errors,
  });
}
