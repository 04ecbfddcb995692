import type { z } from 'zod';
import { wellFormed } from './well-formed.ts';

/** A schema of texts with `most` characters at the most. An emoji is one, as in JSON Schema. */
export function atMost(text: z.ZodString, most: number, error = `expected at most ${most} characters`) {
  return text
    .refine((value) => value.length <= most || wellFormed(value, most) === value, error)
    .meta({ maxLength: most });
}
