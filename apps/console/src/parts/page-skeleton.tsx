import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** Holds the place of what is being fetched. */
export function PageSkeleton({ rows = 4, height = 72 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="lg" />
      ))}
    </Stack>
  );
}
