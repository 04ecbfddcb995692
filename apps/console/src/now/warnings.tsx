import { Stack, Text } from '@mantine/core';
import { Note } from '../parts/note.tsx';

/** What somebody should look at, in the server's words, the worst first. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <Note
      tone="careful"
      title={warnings.length === 1 ? 'To look at' : `${warnings.length} things to look at`}
    >
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {warnings.map((warning) => (
          <Text key={warning} size="sm" component="li">
            {warning}
          </Text>
        ))}
      </Stack>
    </Note>
  );
}
