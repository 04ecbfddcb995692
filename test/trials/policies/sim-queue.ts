import type { VirtualTime } from './virtual-time.ts';

/** The queue of orders as BullMQ has it: first in, first out; an order whose time has come goes to the end. */
export class SimQueue {
  /** The next one last. */
  readonly #waiting: string[] = [];
  readonly #time: VirtualTime;
  readonly #listeners: (() => void)[] = [];

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  add(id: string, { isNext }: { isNext: boolean }): void {
    if (isNext) this.#waiting.push(id);
    else this.#waiting.unshift(id);
    this.#notify();
  }

  /** As it was, at the head. */
  giveBack(id: string): void {
    this.add(id, { isNext: true });
  }

  addLater(id: string, inMs: number): void {
    this.#time.after(inMs, () => this.add(id, { isNext: false }));
  }

  take(): string | undefined {
    return this.#waiting.pop();
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  watch(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Not always the same worker is the first to hear of it. */
  #notify(): void {
    this.#listeners.push(this.#listeners.shift()!);
    for (const listener of this.#listeners) listener();
  }
}
