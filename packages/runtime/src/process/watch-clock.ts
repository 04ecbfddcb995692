import { Gauge, type Registry } from 'prom-client';
import { every } from './every.ts';
import type { Logger } from '../logging/logger.ts';

/** Clocks that are kept right differ by less. */
const littleSkewMs = 2_000;

export type WatchClockOptions = {
  /** `skewMs`: how far this machine's clock is ahead of that of Redis; undefined while it is not known. */
  clock: { measure(): Promise<void>; skewMs(): number | undefined };
  metrics: Registry;
  logger: Logger;
  onError: (error: Error) => void;
  /** How often. Default 1 s. */
  everyMs?: number;
};

/** Compares this machine's clock with that of Redis until disposed, and logs a difference. */
export function watchClock(options: WatchClockOptions): AsyncDisposable {
  const { clock, metrics, logger, onError, everyMs = 1_000 } = options;
  new Gauge({
    name: 'proofbox_clock_skew_seconds',
    help: "How far this machine's clock is ahead of that of Redis. Beyond 2 s the process warns. Absent while the difference is not known.",
    registers: [metrics],
    collect() {
      const skew = clock.skewMs();
      if (skew === undefined) this.remove();
      else this.set(skew / 1_000);
    },
  });
  let wasOff = false;

  return every(
    everyMs,
    async () => {
      await clock.measure();
      const skew = clock.skewMs();
      if (skew === undefined) return;
      const isOff = Math.abs(skew) > littleSkewMs;
      const fields = { skewSeconds: Math.round(skew) / 1_000 };
      if (isOff && !wasOff) logger.warn(fields, 'the clock of this machine differs from that of Redis');
      if (!isOff && wasOff) logger.info(fields, 'the clock of this machine agrees with that of Redis again');
      wasOff = isOff;
    },
    onError,
  );
}
