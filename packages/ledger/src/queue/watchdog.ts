import type { OrderConsumer } from './order-consumer.ts';
import type { OrderQueue } from './order-queue.ts';

export type WatchdogOptions = {
  consumer: Pick<OrderConsumer, 'isHungry' | 'lastFetchedAt' | 'replaceWorker'>;
  queue: Pick<OrderQueue, 'due'>;
  /** So long may a consumer that has room fetch nothing while orders wait. Default 15 s. */
  silenceMs?: number;
  /** Its BullMQ worker was replaced, for the `inVain + 1`th time without an order since. */
  onReplaced: (inVain: number) => void;
  /** Replacing it has not helped twice: only a fresh process can. Called once. */
  onGivenUp: () => void;
  /** The clock of the consumer's `lastFetchedAt`, in ms. */
  now?: () => number;
};

const maxInVain = 2;

/**
 * Notices a BullMQ worker that has silently stopped, and replaces it. It happens again and again, for reasons that no
 * error shows. Call `check` every second or so.
 */
export function createWatchdog(options: WatchdogOptions): { check(): Promise<void> } {
  const {
    consumer,
    queue,
    silenceMs = 15_000,
    onReplaced,
    onGivenUp,
    now = () => performance.now(),
  } = options;
  /** Since when orders wait for a consumer that has room, as far as was seen without a gap. */
  let waitingSince: number | undefined;
  let inVain = 0;
  let replacedAt = 0;
  let hasGivenUp = false;

  async function haveOrdersWaited(): Promise<boolean> {
    return consumer.isHungry && (await queue.due()) > 0;
  }

  return {
    /** @throws Error when Redis cannot be asked; a time in which nobody could fetch does not count */
    async check() {
      if (consumer.lastFetchedAt > replacedAt) inVain = 0;
      const before = waitingSince;
      waitingSince = undefined;
      if (!(await haveOrdersWaited())) return;
      waitingSince = before ?? now();
      if (now() - Math.max(waitingSince, consumer.lastFetchedAt) < silenceMs || hasGivenUp) return;
      waitingSince = now();
      if (inVain === maxInVain) {
        hasGivenUp = true;
        return onGivenUp();
      }
      consumer.replaceWorker();
      replacedAt = now();
      onReplaced(inVain);
      inVain += 1;
    },
  };
}
