import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { createQueryClient } from './api/query-client.ts';
import { SessionGate } from './session/session-gate.tsx';
import { styleNonce } from './strict-page.ts';
import { cssVariables, theme } from './theme.ts';

const client = createQueryClient();

/** The whole page. */
export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" />
        <SessionGate />
      </QueryClientProvider>
    </MantineProvider>
  );
}
