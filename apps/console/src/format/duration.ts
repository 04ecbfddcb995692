const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
] as const;

/** A length of time in its two largest units: `840 ms`, `45 s`, `3 min 20 s`, `2 h 5 min`, `4 d`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${withoutZero(ms / 1_000)} s`;
  let rest = Math.round(ms / 1_000) * 1_000;
  const first = units.findIndex((unit) => rest >= unit.ms);
  return units
    .slice(first, first + 2)
    .flatMap((unit) => {
      const count = Math.floor(rest / unit.ms);
      rest -= count * unit.ms;
      return count === 0 ? [] : [`${count} ${unit.name}`];
    })
    .join(' ');
}

/** A length of time in its largest unit only, for what changes all the time: `45 s`, `3 min`, `2 h`. */
export function roughDuration(ms: number): string {
  const unit = units.find((each) => ms >= each.ms) ?? units[3];
  return `${Math.max(0, Math.floor(ms / unit.ms))} ${unit.name}`;
}

function withoutZero(seconds: number): string {
  return seconds.toFixed(1).replace(/\.0$/, '');
}
