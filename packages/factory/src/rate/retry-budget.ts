/** Saved up for a moment when many fail at once, and no more. */
const mostSaved = 20;

/** One extra call for each order that is called for the first time: retries at once never double what a factory is sent. */
export class RetryBudget {
  #saved = 0;

  /** An order is sent that was never sent there. */
  earn(): void {
    this.#saved = Math.min(mostSaved, this.#saved + 1);
  }

  /** @returns whether there was one left */
  spend(): boolean {
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
