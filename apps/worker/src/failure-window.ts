const windowMs = 30_000;
const fewestOrders = 10;

/** How distinct orders fared within the last 30 s; an order tried again counts once, with how it fared last. */
export class FailureWindow {
  /** By order id, oldest first. */
  readonly #last = new Map<string, { ok: boolean; at: number }>();
  #failing = 0;

  record(orderId: string, ok: boolean, now: number): void {
    this.#forget(orderId);
    this.#last.set(orderId, { ok, at: now });
    if (!ok) this.#failing += 1;
    for (const [id, { at }] of this.#last) {
      if (at > now - windowMs) break;
      this.#forget(id);
    }
  }

  /** At least half of at least ten orders. */
  get mostlyFailing(): boolean {
    return this.#last.size >= fewestOrders && this.#failing * 2 >= this.#last.size;
  }

  clear(): void {
    this.#last.clear();
    this.#failing = 0;
  }

  #forget(orderId: string): void {
    const known = this.#last.get(orderId);
    if (known === undefined) return;
    this.#last.delete(orderId);
    if (!known.ok) this.#failing -= 1;
  }
}
