import { isoTime, type Attempt } from '@proofbox/contract';
import type { AttemptView } from '@proofbox/contract/admin';

/** One call to a factory as the API shows it: an attempt that has not ended is under way. */
export function attemptView(attempt: Attempt): AttemptView {
  const { startedAt, endedAt, givenUpAt, outcome = 'under_way', ...rest } = attempt;
  return {
    ...rest,
    outcome,
    startedAt: isoTime(startedAt),
    ...(endedAt !== undefined && { endedAt: isoTime(endedAt), durationMs: endedAt - startedAt }),
    ...(givenUpAt !== undefined && { givenUpAt: isoTime(givenUpAt) }),
  };
}
