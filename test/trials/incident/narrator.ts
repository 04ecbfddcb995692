import type { Counts, Shop } from './shop.ts';
import { clockTime, type Clock, type Moment } from './timeline.ts';

const countsEveryMinutes = 5;
const lookEveryMs = 100;
const column = 30;

/** Tells the story as it happens, in lines. Disposing it ends that. */
export type Narrator = Disposable & { tell(moment: Moment): void };

export function createNarrator(options: {
  shops: readonly Shop[];
  clock: Clock;
  say: (line: string) => void;
}): Narrator {
  const { shops, clock, say } = options;
  const alarmed = new Set<Shop>();
  let countsAt = countsEveryMinutes;

  function now(): number {
    return clock.minute(Date.now());
  }

  function sayCounts(): void {
    const counts = shops.map((shop) => countsInWords(shop.counts).padEnd(column)).join('');
    say(`${clockTime(now())}    ${counts.trimEnd()}`);
  }

  function look(): void {
    for (const shop of shops) {
      if (alarmed.has(shop) || shop.alarmAt === undefined) continue;
      alarmed.add(shop);
      say(`${clockTime(clock.minute(shop.alarmAt))}  ! ${shop.name}: first alarm.`);
    }
    if (now() < countsAt) return;
    sayCounts();
    countsAt += countsEveryMinutes;
  }

  say(`\nUTC      ${shops.map(({ name }) => name.padEnd(column)).join('')}`.trimEnd());
  const timer = setInterval(look, lookEveryMs);
  return {
    tell: ({ minute, told }) => say(`${clockTime(minute)}  ${told}`),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function countsInWords({ fulfilled, waiting, failed }: Counts): string {
  return [
    `${fulfilled} fulfilled`,
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(', ');
}
