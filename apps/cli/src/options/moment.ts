import { InvalidArgumentError } from 'commander';

const unitMs: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const whatAMomentIs =
  'Expected a time such as 2h or 3d (ago), 2026-11-23, or 2026-11-23T14:00:00Z; without a zone it is UTC.';

/**
 * A moment as a person writes it: so long ago, a day, or a day and a time.
 * @param now ms since the epoch
 * @returns ISO 8601, in UTC
 * @throws InvalidArgumentError
 */
export function readMoment(text: string, now: number): string {
  const at = ago(text, now) ?? dateIn(text);
  if (at === undefined || !Number.isFinite(at)) throw new InvalidArgumentError(whatAMomentIs);
  return new Date(at).toISOString();
}

function ago(text: string, now: number): number | undefined {
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)\s?(s|min|m|h|d|w)$/.exec(text) ?? [];
  return unit === undefined ? undefined : now - Number(amount) * unitMs[unit]!;
}

function dateIn(text: string): number | undefined {
  const shape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(
    text,
  );
  if (!shape) return undefined;
  const [, day, time = '00:00', zone = 'Z'] = shape;
  const at = new Date(`${day}T${time}${zone}`);
  const isARealDay = !Number.isNaN(at.getTime()) && new Date(`${day}T00:00Z`).toISOString().startsWith(day!);
  return isARealDay ? at.getTime() : undefined;
}
