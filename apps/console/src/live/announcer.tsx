import { VisuallyHidden } from '@mantine/core';
import { announcement } from './announcement.ts';
import { useOverview } from './live.tsx';

/** Announces to a screen reader what changed in kind, and leaves out the numbers that change each second. */
export function Announcer() {
  const { data } = useOverview();
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {data && announcement(data)}
    </VisuallyHidden>
  );
}
