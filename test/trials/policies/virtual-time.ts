import { setImmediate as letMicrotasksRun } from 'node:timers/promises';

type Event = { at: number; seq: number; callback: (() => void) | undefined };

/** Some day, so that no instant of a simulation is 0, which stands for "never". */
const startsAt = Date.UTC(2026, 0, 1);

/**
 * Time that passes only from one event to the next: the same events come in the same order, whatever the machine does.
 * Times are ms since the epoch.
 */
export class VirtualTime {
  readonly startedAt = startsAt;
  readonly #events = new EventHeap();
  #now = startsAt;
  #seq = 0;

  readonly now = (): number => this.#now;

  /** Calls back at that time. Disposing takes it back. */
  at(at: number, callback: () => void): Disposable {
    const event: Event = { at: Math.max(at, this.#now), seq: this.#seq++, callback };
    this.#events.push(event);
    return { [Symbol.dispose]: () => void (event.callback = undefined) };
  }

  readonly after = (ms: number, callback: () => void): Disposable => this.at(this.#now + ms, callback);

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => void this.after(Math.max(0, ms), resolve));

  /** Lets time pass until it is over, at the latest until `until`. What follows from an event is done before the next one. */
  async pass({ until, isOver }: { until: number; isOver: () => boolean }): Promise<void> {
    await letMicrotasksRun();
    while (!isOver()) {
      const event = this.#events.pop();
      if (event === undefined || event.at > until) return;
      if (event.callback === undefined) continue;
      this.#now = event.at;
      event.callback();
      await letMicrotasksRun();
    }
  }
}

/** The earliest first; of several at one time, the one that was set first. */
class EventHeap {
  readonly #heap: Event[] = [];

  push(event: Event): void {
    const heap = this.#heap;
    let i = heap.push(event) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(heap[i]!, heap[parent]!)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ;) {
      const children = [2 * i + 1, 2 * i + 2].filter((child) => child < heap.length);
      const [earliest] = children.toSorted((a, b) => (isBefore(heap[a]!, heap[b]!) ? -1 : 1));
      if (earliest === undefined || !isBefore(heap[earliest]!, heap[i]!)) return first;
      this.#swap(i, earliest);
      i = earliest;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}
