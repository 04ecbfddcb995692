import type { AttemptView } from '@proofbox/contract/admin';
import { Badge, Group, List, Text } from '@mantine/core';
import {
  IconBan,
  IconEdit,
  IconEye,
  IconHourglass,
  IconInbox,
  IconMailOff,
  IconPizza,
  IconRefresh,
  IconUser,
  type Icon,
} from '@tabler/icons-react';
import { duration } from '../format/duration.ts';
import { Moment } from '../parts/moment.tsx';
import { toneIcons } from '../parts/tone-badge.tsx';
import { auditLabel } from '../labels/audit-labels.ts';
import { factoryLabels } from '../labels/factory-labels.ts';
import { reasonLabels, stateLabels } from '../labels/order-labels.ts';
import { outcomeLabels } from '../labels/outcome-labels.ts';
import type { Tone } from '../labels/tone.ts';
import type { StoryEvent } from './story.ts';

/** How one event of a story looks and reads. */

export function titleOf(event: StoryEvent): string {
  switch (event.kind) {
    case 'accepted':
      return 'Accepted';
    case 'wait':
      return `Waited ${duration(event.ms)}`;
    case 'attempt':
      return `${outcomeLabels[event.attempt.outcome].name} at the ${factoryLabels[event.attempt.factory].toLowerCase()}`;
    case 'act':
      return `${auditLabel[event.entry.action]} by ${event.entry.by}`;
    case 'settled':
      return event.reason === undefined
        ? stateLabels[event.state].name
        : `${stateLabels[event.state].name}: ${reasonLabels[event.reason].name.toLowerCase()}`;
    case 'waiting':
      return 'Waits for a factory';
  }
}

export function toneOf(event: StoryEvent): Tone {
  switch (event.kind) {
    case 'accepted':
    case 'waiting':
      return 'busy';
    case 'wait':
      return 'quiet';
    case 'attempt':
      return outcomeLabels[event.attempt.outcome].tone;
    case 'act':
      return event.entry.action === 'reveal' ? 'quiet' : 'chosen';
    case 'settled':
      return stateLabels[event.state].tone;
  }
}

export function bulletOf(event: StoryEvent) {
  const EventIcon = iconOf(event);
  return <EventIcon size={15} aria-hidden />;
}

function iconOf(event: StoryEvent): Icon {
  if (event.kind === 'accepted') return IconInbox;
  if (event.kind === 'wait' || event.kind === 'waiting') return IconHourglass;
  if (event.kind === 'attempt') return toneIcons[outcomeLabels[event.attempt.outcome].tone];
  if (event.kind === 'settled') return event.state === 'fulfilled' ? IconPizza : IconMailOff;
  const icons: Partial<Record<typeof event.entry.action, Icon>> = {
    replay: IconRefresh,
    edit: IconEdit,
    discard: IconBan,
    reveal: IconEye,
  };
  return icons[event.entry.action] ?? IconUser;
}

export function StoryBody({ event }: { event: StoryEvent }) {
  switch (event.kind) {
    case 'accepted':
      return (
        <Text size="sm" c="dimmed">
          {event.source === 'frontend' ? 'From the diner’s page.' : 'From an order service.'} Proofbox keeps
          it safe from here on.
        </Text>
      );
    case 'wait':
      return null;
    case 'attempt':
      return <Attempt attempt={event.attempt} number={event.number} />;
    case 'act':
      return <Act event={event} />;
    case 'settled':
      return (
        <Text size="sm" c="dimmed">
          {event.reason === undefined ? stateLabels[event.state].meaning : reasonLabels[event.reason].meaning}
        </Text>
      );
    case 'waiting':
      return (
        <Text size="sm" c="dimmed">
          Its deadline is <Moment at={new Date(event.deadlineAt).toISOString()} show="both" />.
        </Text>
      );
  }
}

function Attempt({ attempt, number }: { attempt: AttemptView; number: number }) {
  const { outcome, status, detail, durationMs, counted, late, givenUpAt, endChaosLink, worker } = attempt;
  return (
    <>
      <Text size="sm" c="dimmed">
        {outcomeLabels[outcome].meaning}
      </Text>
      {detail !== undefined && (
        <Text size="sm" mt={4} className="foreign mono">
          {detail}
        </Text>
      )}
      <Group gap={6} mt={6}>
        <Fine>attempt {number}</Fine>
        {status !== undefined && <Fine>HTTP {status}</Fine>}
        {durationMs !== undefined && <Fine>took {duration(durationMs)}</Fine>}
        {counted && (
          <Fine title="The factory baked another order meanwhile, so this order is the trouble. Five such failures make it a dead letter.">
            counts against the order
          </Fine>
        )}
        {late && (
          <Fine title="The order had a receipt by then. This one was ignored.">late receipt, ignored</Fine>
        )}
        <Fine title="The worker that called the factory">worker {worker}</Fine>
      </Group>
      {givenUpAt !== undefined && (
        <Text size="sm" c="dimmed" mt={4}>
          Its worker was taken for dead <Moment at={givenUpAt} show="time" />; the answer came later.
        </Text>
      )}
      {endChaosLink && (
        <Text size="sm" mt={4}>
          The factory sent a link that ends its chaos. Proofbox does not keep it, because it contains our key.
        </Text>
      )}
    </>
  );
}

function Fine({ children, title }: { children: React.ReactNode; title?: string }) {
  return (
    <Badge
      variant="default"
      size="sm"
      radius="sm"
      tt="none"
      fw={500}
      maw="100%"
      {...(title !== undefined && { title })}
    >
      {children}
    </Badge>
  );
}

function Act({ event: { entry, changes } }: { event: Extract<StoryEvent, { kind: 'act' }> }) {
  return (
    <>
      <Text size="sm" c="dimmed" className="foreign">
        “{entry.why}”
      </Text>
      {entry.result !== undefined && (
        <Text size="sm" c="dimmed">
          {entry.result}
        </Text>
      )}
      {changes.length > 0 && (
        <List size="sm" mt={4}>
          {changes.map(({ what, before, after }) => (
            <List.Item key={what} className="foreign">
              {what}: <s>{before}</s> became {after}
            </List.Item>
          ))}
        </List>
      )}
    </>
  );
}
