import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawChart, type Chart } from './chart.ts';
import type { Panel } from './chart-panel.ts';
import type { Result, ShopResult } from './result.ts';
import { stagesOf } from './stages.ts';
import { closingMinute, deadSpans } from './timeline.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Draws the result into `.data/incident/`. @returns where, from the root of the repository */
export async function saveChart(result: Result): Promise<string> {
  const file = path.join('.data/incident', `incident-${result.speed}x.svg`);
  await mkdir(path.join(root, path.dirname(file)), { recursive: true });
  await writeFile(path.join(root, file), drawChart(chartOf(result)));
  return file;
}

function chartOf({ speed, clock, shops }: Result): Chart {
  const ends = shops.flatMap(({ purchases }) => purchases.map((each) => clock.minute(each.endedAt)));
  const lastEnd = Math.max(closingMinute, ...ends.filter(Number.isFinite));
  const lastMinute = Math.ceil(lastEnd / 5) * 5;
  return {
    title: 'One Thursday, three shops: what became of the orders placed so far',
    subtitle: `Times are UTC, as on that day; replayed ${speed} times as fast. In the second gray span, one more group of requests fails.`,
    panels: shops.map((shop): Panel => ({
      key: shop.key,
      name: shop.name,
      told: inWords(shop),
      stages: stagesOf(shop.purchases, clock, lastMinute),
      deadSpans,
      alarmMinute: shop.alarmAt === undefined ? undefined : clock.minute(shop.alarmAt),
    })),
  };
}

function inWords({ measures }: ShopResult): string {
  const { placed, failedForDiner, delayed, longestDelayMs, callsToDeadFactory } = measures;
  const longest = `${(longestDelayMs / 1_000).toFixed(1)} s of wall time`;
  return [
    `${placed} placed`,
    `${failedForDiner} failed`,
    `${delayed} delayed${delayed > 0 ? `, the longest by ${longest}` : ''}`,
    `${callsToDeadFactory} calls to the dead factory`,
  ].join(' · ');
}
