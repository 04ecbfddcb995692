import { Button, Group, Text, Timeline } from '@mantine/core';
import { useState } from 'react';
import { duration } from '../format/duration.ts';
import { count } from '../format/number.ts';
import { Moment } from '../parts/moment.tsx';
import { toneColours } from '../parts/tone-badge.tsx';
import { shortened, type StoryEvent } from './story.ts';
import { bulletOf, StoryBody, titleOf, toneOf } from './story-event.tsx';

/** The story of an order on a line of time, oldest first. */
export function StoryTimeline({ events }: { events: StoryEvent[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const { first, hidden, last } = isWhole ? { first: events, hidden: 0, last: [] } : shortened(events);
  return (
    <Timeline bulletSize={26} lineWidth={2} active={events.length}>
      {first.map(toItem)}
      {hidden > 0 && (
        <Timeline.Item key="hidden" color="gray" lineVariant="dotted" bullet={<Text size="xs">…</Text>}>
          <Button variant="default" size="xs" onClick={() => setIsWhole(true)}>
            Show {count(hidden)} more events
          </Button>
        </Timeline.Item>
      )}
      {last.map(toItem)}
    </Timeline>
  );
}

function toItem(event: StoryEvent) {
  if (event.kind === 'wait') {
    return (
      <Timeline.Item key={event.key} color="gray" lineVariant="dashed" bullet={bulletOf(event)}>
        <Text size="sm" c="dimmed" pt={2}>
          Waited {duration(event.ms)}
        </Text>
      </Timeline.Item>
    );
  }
  return (
    <Timeline.Item key={event.key} color={toneColours[toneOf(event)]} bullet={bulletOf(event)}>
      <Group justify="space-between" gap={4} align="baseline">
        <Text fw={600} size="sm">
          {titleOf(event)}
        </Text>
        {event.kind !== 'waiting' && (
          <Text size="xs" c="dimmed">
            <Moment at={new Date(event.at).toISOString()} show="both" />
          </Text>
        )}
      </Group>
      <StoryBody event={event} />
    </Timeline.Item>
  );
}
