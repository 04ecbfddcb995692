import { Alert, Button, Group, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';

type Props = { children: ReactNode };

/** Keeps a fault of ours to the part of the page it is in. */
export class FaultBoundary extends Component<Props, { fault: Error | null }> {
  override state = { fault: null as Error | null };

  static getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override render() {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <Alert color="red" role="alert" title="This part of the page has a fault">
        <Group justify="space-between" gap="sm">
          <Text size="sm" className="foreign">
            The fault changed nothing. Its message: {fault.message}
          </Text>
          <Button size="xs" variant="default" onClick={() => globalThis.location.reload()}>
            Reload the page
          </Button>
        </Group>
      </Alert>
    );
  }
}
