import { ago, fullTime, localTime } from '../format/moment.ts';
import { useNow } from './use-now.ts';

type Props = { at: string; show?: 'ago' | 'time' | 'both' };

/** A moment: how long ago, or the local time. Pointing at it shows both, with the zone and as ISO 8601 in UTC. */
export function Moment({ at, show = 'ago' }: Props) {
  const now = useNow();
  const ms = Date.parse(at);
  const shown = {
    ago: () => ago(ms, now),
    time: () => localTime(ms, now),
    both: () => `${localTime(ms, now)} · ${ago(ms, now)}`,
  };
  return (
    <time dateTime={at} title={fullTime(ms)} className="digits">
      {shown[show]()}
    </time>
  );
}
