import type { QueuePauseView } from '@proofbox/contract/admin';
import { printable } from '@proofbox/runtime/printable';
import type { Paint } from '../../terminal/terminal.ts';
import { formatTime } from '../../terminal/format-time.ts';

/** One sentence: "Workers take orders." or since when not, and who said why. */
export function pauseLabel(shown: QueuePauseView, { paint, now }: { paint: Paint; now: number }): string {
  const { isPaused, by, at, why } = printable(shown);
  const state = isPaused
    ? paint('yellow', 'Paused: no worker takes orders')
    : paint('green', 'Workers take orders');
  if (at === undefined) return `${state}.`;
  const since = `since ${formatTime(Date.parse(at), now)}`;
  return `${state}, ${since}${by === undefined ? '' : ` by ${by}`}${why === undefined ? '' : `: ${why}`}`;
}
