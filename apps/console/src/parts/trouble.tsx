import { Alert, Button, Group, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';

type Props = { what: string; error: Error; onRetry?: (() => unknown) | undefined };

/** What failed, why, and a way to try again. */
export function Trouble({ what, error, onRetry }: Props) {
  return (
    <Alert color="red" icon={<IconPlugConnectedX aria-hidden />} title={what} role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm" className="foreign">
          {error.message}
        </Text>
        {onRetry && (
          <Button size="xs" variant="default" onClick={() => void onRetry()}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
