import { isDeepStrictEqual } from 'node:util';
import type { OrderIn } from '@proofbox/contract';

/** What differs between two versions of an order, a line for each value: `storeId: "1" -> "7"`. */
export function orderChanges(before: OrderIn, after: OrderIn): string[] {
  return differences('', before, after);
}

function differences(path: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isContainer(before) || !isContainer(after)) return [`${path}: ${shown(before)} -> ${shown(after)}`];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    differences(path === '' ? name : `${path}.${name}`, ownValue(before, name), ownValue(after, name)),
  );
}

/** Not what every object has by birth: a customer may call a field `constructor`. */
function ownValue(container: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(container, name) ? container[name] : undefined;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
