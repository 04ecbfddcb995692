/**
 * What the ledger does not do, and why, for the person who asked. It knows no HTTP: the admin server makes problems of
 * them.
 */

/** It cannot be done any more, or not yet. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** A text that no page ended with, or a page of another list. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
}

/** An edit of a field that cannot be edited. */
export class InvalidEdit extends Error {
  override readonly name = 'InvalidEdit';
  readonly field: string;

  constructor(field: string, why: string) {
    super(why);
    this.field = field;
  }
}

/** With an edit the order would be larger than an order may be. */
export class OrderTooLarge extends Error {
  override readonly name = 'OrderTooLarge';
}
