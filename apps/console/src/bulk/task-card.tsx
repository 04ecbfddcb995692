import type { BulkTask } from '@proofbox/contract/admin';
import { Alert, Button, Group, Modal, Progress, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { adminApi } from '../api/admin-api.ts';
import { countOf, rate } from '../format/number.ts';
import { tasksKey } from '../live/live.tsx';
import { mergeTasks } from '../live/merge-tasks.ts';
import { AllowedButton } from '../parts/allowed-button.tsx';
import { Moment } from '../parts/moment.tsx';
import { ToneBadge } from '../parts/tone-badge.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { useNow } from '../parts/use-now.ts';
import { targetLabel } from '../labels/filter-labels.ts';
import {
  actionLabels,
  doneLabel,
  expectedLabel,
  percentOf,
  taskStateLabels,
  timeLeft,
} from './bulk-labels.ts';

type Props = { task: BulkTask; isMarked?: boolean; headingOrder?: 2 | 3 };

/** One bulk task: what it does, how far it is, and how to pause or stop it. */
export function TaskCard({ task, isMarked = false, headingOrder = 2 }: Props) {
  const now = useNow();
  const client = useQueryClient();
  const [isAsking, ask] = useDisclosure();
  const change = useMutation({
    mutationFn: (act: (id: string) => Promise<BulkTask>) => act(task.id),
    onSuccess: (changed) =>
      client.setQueryData<BulkTask[]>(tasksKey, (known) => mergeTasks(known ?? [], [changed])),
  });
  const isOver = task.state === 'done' || task.state === 'aborted';
  const percent = percentOf(task);
  const name = `${actionLabels[task.action].name} ${expectedLabel(task.expected, task.isExpectedExact)}`;
  return (
    <Stack
      className="card"
      gap="xs"
      component="article"
      aria-label={name}
      {...(isMarked && { style: { borderColor: 'var(--mantine-primary-color-filled)' } })}
    >
      <Group justify="space-between" gap="xs">
        <Title order={headingOrder}>{name}</Title>
        <ToneBadge label={taskStateLabels[task.state]} />
      </Group>
      <Text size="sm" c="dimmed" className="foreign">
        {targetLabel(task.target, now, task.expected)}
      </Text>
      <Progress
        value={percent ?? 100}
        animated={task.state === 'running'}
        color={task.action === 'discard' ? 'red' : 'proof'}
        aria-label={`How far it is: ${doneLabel(task)}`}
      />
      <Text size="sm" className="digits">
        {doneLabel(task)}
        {task.state === 'running' && `, ${rate(task.ratePerSecond)} of ${rate(task.rate)} a second`}
        {timeLeft(task) !== undefined && `, ${timeLeft(task)}`}
      </Text>
      {task.trouble !== undefined && !isOver && (
        <Alert color="yellow" p="xs">
          The task makes no progress: {task.trouble}
        </Alert>
      )}
      {change.error && <Trouble what="The task was not changed" error={change.error} />}
      <Text size="xs" c="dimmed" className="foreign">
        {task.by}, <Moment at={task.createdAt} show="both" />: “{task.why}”
        {task.endedAt !== undefined && (
          <>
            {' '}
            Ended <Moment at={task.endedAt} />.
          </>
        )}
      </Text>
      {!isOver && (
        <Group gap="xs">
          {task.state === 'paused' ? (
            <AllowedButton size="xs" onClick={() => change.mutate(adminApi.resumeBulk)}>
              Resume
            </AllowedButton>
          ) : (
            <AllowedButton size="xs" variant="default" onClick={() => change.mutate(adminApi.pauseBulk)}>
              Pause
            </AllowedButton>
          )}
          <AllowedButton size="xs" variant="light" color="red" onClick={ask.open}>
            Stop for good
          </AllowedButton>
        </Group>
      )}
      <Modal opened={isAsking} onClose={ask.close} title="Stop this task for good?" centered>
        <Stack>
          <Text size="sm">
            {countOf(task.moved, 'order')} {task.moved === 1 ? 'is' : 'are'} {actionLabels[task.action].done}{' '}
            already, and stay{task.moved === 1 && 's'} so. The rest is left as it is. The task cannot be
            started again.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={ask.close}>
              Cancel
            </Button>
            <Button
              color="red"
              onClick={() => {
                ask.close();
                change.mutate(adminApi.abortBulk);
              }}
            >
              Stop for good
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}
