import type { z } from 'zod';

/** The first `most` characters of a text, none of them cut in half; halves that came with it become U+FFFD. */
export function cutText(text: string, most: number): string {
  // A character takes two places in a string at most.
  return Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join('')
    .toWellFormed();
}

/** A schema of texts with `most` characters at the most. An emoji is one, as in JSON Schema. */
export function atMost(text: z.ZodString, most: number, error = `expected at most ${most} characters`) {
  return text
    .refine((value) => value.length <= most || cutText(value, most) === value, error)
    .meta({ maxLength: most });
}
