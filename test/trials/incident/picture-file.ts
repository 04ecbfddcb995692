import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { drawPicture } from './picture.ts';
import type { Fare, Row } from './picture-row.ts';
import type { Purchase } from './purchase.ts';
import type { Result, ShopResult } from './result.ts';
import type { ShopKey } from './shop.ts';
import { closingMinute, deadSpans, type Clock } from './timeline.ts';

const root = path.resolve(import.meta.dirname, '../../..');

const names: Record<ShopKey, string> = {
  synchronous: 'Without Proofbox',
  proofbox: 'With Proofbox',
  proofboxWithFallback: 'With Proofbox and a second factory',
};

/** Draws the result twice, for light and for dark pages. @returns where, from the root of the repository */
export async function savePictures(result: Result, folder: string): Promise<string[]> {
  await mkdir(path.join(root, folder), { recursive: true });
  const picture = {
    rows: result.shops.map((shop) => rowOf(shop, result.clock)),
    deadSpans,
    lastMinute: closingMinute,
  };
  const files = (['light', 'dark'] as const).map(async (theme) => {
    const file = path.join(folder, `incident-${theme}.svg`);
    await writeFile(path.join(root, file), drawPicture(picture, theme));
    return file;
  });
  return Promise.all(files);
}

export function rowOf({ key, purchases }: Pick<ShopResult, 'key' | 'purchases'>, clock: Clock): Row {
  const minutes = Map.groupBy(purchases, ({ placedAt }) => Math.floor(clock.minute(placedAt)));
  const columns = Array.from({ length: closingMinute }, (_each, minute) =>
    (minutes.get(minute) ?? []).map(fareOf).toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
  );
  return { key, name: names[key], caption: captionOf(columns.flat()), columns };
}

/** From the bottom of a column to its top. */
const order: readonly Fare[] = ['prompt', 'late', 'failed'];

function fareOf({ fate, isDinerServed, answeredAt, endedAt }: Purchase): Fare {
  if (fate !== 'fulfilled' || !isDinerServed) return 'failed';
  return endedAt > answeredAt ? 'late' : 'prompt';
}

function captionOf(fares: readonly Fare[]): string {
  const count = (fare: Fare) => fares.filter((each) => each === fare).length;
  const [failed, late] = [count('failed'), count('late')];
  if (failed > 0) return `${failed} of ${fares.length} orders failed`;
  return late > 0 ? `none failed, ${late} waited` : 'none failed';
}
