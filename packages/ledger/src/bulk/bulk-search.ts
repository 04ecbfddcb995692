import type { DeadLetterReason } from '@proofbox/contract';
import type { OrderFilter } from '@proofbox/contract/admin';

/** What bulk tasks ask a search for: dead and held orders only, whatever else the filter finds. */
export type DeadLetterSearch = {
  /**
   * Ids of orders that were settled before `before` (ms since the epoch), oldest first. A page may be short, or empty,
   * while `nextCursor` is there; orders that leave meanwhile do no harm.
   */
  ids(input: {
    filter: OrderFilter;
    limit: number;
    cursor?: string;
    before: number;
  }): Promise<{ ids: string[]; nextCursor?: string }>;
  /** How many there are. Counting ends after a while: `isExact` is false where it did. */
  count(input: {
    filter: OrderFilter;
    before: number;
    deadLettersOnly: true;
    /** It looks at so many orders and no more. */
    mostExamined: number;
  }): Promise<DeadLetterCount>;
};

export type DeadLetterCount = {
  count: number;
  isExact: boolean;
  byReason: Partial<Record<DeadLetterReason, number>>;
};
