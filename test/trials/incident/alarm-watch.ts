import { readMetrics, type Sample } from '../../support/metrics.ts';
import { isPrimaryFailing } from './alarm.ts';

const everyMs = 150;

/** Reads a worker's metrics until they first give an alarm. Disposing it stops that. */
export type AlarmWatch = Disposable & {
  /** In ms since the epoch. */
  readonly alarmAt: number | undefined;
};

export function watchForAlarm(workerUrl: string): AlarmWatch {
  let before: Sample[] | undefined;
  let alarmAt: number | undefined;
  let isReading = false;

  async function look(): Promise<void> {
    if (isReading) return;
    isReading = true;
    const now = await readMetrics(workerUrl).catch(() => before);
    isReading = false;
    if (alarmAt === undefined && now && before && isPrimaryFailing(now, before)) {
      alarmAt = Date.now();
      clearInterval(timer);
    }
    before = now;
  }

  const timer = setInterval(() => void look(), everyMs);
  return {
    get alarmAt() {
      return alarmAt;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
