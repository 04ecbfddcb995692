import { z } from 'zod';
import { atMost } from '../text/at-most.ts';

/** Why a person does something. It goes into the audit log. */
export const reasonGiven = atMost(
  z.string({ error: 'say why, in a few words' }).trim().min(1, 'say why, in a few words'),
  500,
);
