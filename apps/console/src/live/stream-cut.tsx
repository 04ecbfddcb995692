import { Box, Text } from '@mantine/core';
import { Moment } from '../parts/moment.tsx';
import { Note } from '../parts/note.tsx';
import { useLiveState, useOverview } from './live.tsx';

/** Says that the numbers are old, while they are, and why. The stream keeps trying to bring new ones. */
export function StreamCut() {
  const state = useLiveState();
  const { data, error } = useOverview();
  if (state.is === 'away') {
    return (
      <Box mb="lg">
        <Note tone="bad" title="Redis does not answer" role="status">
          <Text size="sm">
            Ingest goes on accepting orders and keeps them on its own disk until Redis is back, unless its
            outbox is turned off. The numbers are from before <Moment at={state.since} show="both" />.
          </Text>
          <Text size="sm" c="dimmed" className="foreign">
            {state.why}
          </Text>
        </Note>
      </Box>
    );
  }
  if (state.is !== 'cut') return null;
  return (
    <Box mb="lg">
      <Note tone="careful" title="The live connection to the admin server is cut" role="status">
        <Text size="sm">
          {error ? error.message : 'The page asks for the numbers every 5 seconds instead.'} It keeps trying
          to reconnect.
          {data && (
            <>
              {' '}
              The numbers are from <Moment at={data.at} show="both" />.
            </>
          )}
        </Text>
      </Note>
    </Box>
  );
}
