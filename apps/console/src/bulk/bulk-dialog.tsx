import type { BulkAction, BulkPreview, BulkTarget, BulkTask } from '@proofbox/contract/admin';
import { bulkRate } from '@proofbox/contract/admin';
import { Alert, Button, Group, List, Modal, NumberInput, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useBulkTasks, tasksKey } from '../live/live.tsx';
import { mergeTasks } from '../live/merge-tasks.ts';
import { adminApi } from '../api/admin-api.ts';
import { count } from '../format/number.ts';
import { Trouble } from '../parts/trouble.tsx';
import { useNow } from '../parts/use-now.ts';
import { WhyField } from '../parts/why-field.tsx';
import { targetLabel } from '../labels/filter-labels.ts';
import { reasonLabels } from '../labels/order-labels.ts';
import { actionLabels, expectedLabel, timeNeeded } from './bulk-labels.ts';
import { OrderSample } from './order-sample.tsx';
import { TaskCard } from './task-card.tsx';

type Props = {
  /** Undefined: the dialog is closed. */
  action: BulkAction | undefined;
  target: BulkTarget;
  onClose: () => void;
  onStarted: (task: BulkTask) => void;
};
type Asked = { action: BulkAction; target: BulkTarget };

/** Replay or discard of many orders: shows what it will do, asks how fast and why, and then shows how it goes. */
export function BulkDialog({ action, target, onClose, onStarted }: Props) {
  const isOpen = action !== undefined;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={action && `${actionLabels[action].name} many orders`}
      size="lg"
      centered
    >
      {action && <Dialog asked={{ action, target }} onClose={onClose} onStarted={onStarted} />}
    </Modal>
  );
}

type DialogProps = { asked: Asked; onClose: () => void; onStarted: Props['onStarted'] };

function Dialog({ asked: now, onClose, onStarted }: DialogProps) {
  // What is asked for stays as it was when the dialog opened, whatever happens to the list behind it.
  const [asked] = useState(now);
  const [taskId, setTaskId] = useState<string>();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: adminApi.startBulk,
    onSuccess: (task) => {
      client.setQueryData(tasksKey, (known: Parameters<typeof mergeTasks>[0] = []) =>
        mergeTasks(known, [task]),
      );
      setTaskId(task.id);
      onStarted(task);
    },
  });
  const preview = useQuery({
    queryKey: ['bulk-preview', asked],
    queryFn: () => adminApi.previewBulk(asked),
    enabled: taskId === undefined,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (taskId !== undefined) {
    const close = () => {
      void client.invalidateQueries({ queryKey: ['orders'] });
      onClose();
    };
    return <Started id={taskId} onClose={close} />;
  }
  if (preview.error) {
    return <Trouble what="The orders could not be counted" error={preview.error} onRetry={preview.refetch} />;
  }
  if (!preview.data) {
    return (
      <Stack role="status" aria-label="Counting the orders">
        <Text size="sm">Counting the orders …</Text>
        <Skeleton height={24} />
        <Skeleton height={120} />
      </Stack>
    );
  }
  if (preview.data.count === 0) return <NothingToDo asked={asked} onClose={onClose} />;
  return (
    <Ask
      asked={asked}
      preview={preview.data}
      isBusy={start.isPending}
      error={start.error}
      onCancel={onClose}
      onStart={(rate, why) => start.mutate({ ...asked, rate, why })}
    />
  );
}

type AskProps = {
  asked: Asked;
  preview: BulkPreview;
  isBusy: boolean;
  error: Error | null;
  onCancel: () => void;
  onStart: (rate: number, why: string) => void;
};

function Ask({ asked: { action, target }, preview, isBusy, error, onCancel, onStart }: AskProps) {
  const [perSecond, setPerSecond] = useState<number | string>(100);
  const [why, setWhy] = useState('');
  const now = useNow();
  const parsedRate = bulkRate.safeParse(perSecond);
  const label = actionLabels[action];
  const many = expectedLabel(preview.count, preview.isExact);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (parsedRate.success && why.trim() !== '') onStart(parsedRate.data, why.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>
          <Text fw={650} fz="lg">
            {label.name} {many}?
          </Text>
          <Text size="sm" c="dimmed" className="foreign">
            {targetLabel(target, now)}
          </Text>
        </div>
        <Alert color={action === 'discard' ? 'red' : 'blue'} p="sm">
          {label.follows}
        </Alert>
        <List size="sm" aria-label="Why they were settled">
          {Object.entries(preview.byReason).map(([reason, each]) => (
            <List.Item key={reason}>
              {count(each)}: {reasonLabels[reason as keyof typeof reasonLabels].name}
            </List.Item>
          ))}
        </List>
        <OrderSample orders={preview.sample} total={preview.count} />
        <NumberInput
          label="Orders a second"
          description={
            parsedRate.success
              ? `Takes about ${timeNeeded(preview.count, parsedRate.data)}.${action === 'replay' ? ' Slower is kinder to a factory that has just come back.' : ''}`
              : '1 to 5,000'
          }
          required
          min={1}
          max={5_000}
          allowDecimal={false}
          value={perSecond}
          onChange={setPerSecond}
          {...(!parsedRate.success && { error: 'A whole number from 1 to 5,000' })}
        />
        <WhyField value={why} onChange={setWhy} />
        {error && <Trouble what="Nothing was started" error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={isBusy}
            disabled={why.trim() === '' || !parsedRate.success}
            {...(action === 'discard' && { color: 'red' })}
          >
            {label.name} {many}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Started({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: tasks = [] } = useBulkTasks();
  const task = tasks.find((each) => each.id === id);
  return (
    <Stack>
      {task ? <TaskCard task={task} headingOrder={3} /> : <Skeleton height={120} />}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          The task goes on when you close this window.
        </Text>
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  );
}

function NothingToDo({ asked: { action }, onClose }: { asked: Asked; onClose: () => void }) {
  return (
    <Stack>
      <Text size="sm">
        There is nothing to {action}: none of these is a dead letter any more. Only dead and held orders can
        be replayed or discarded.
      </Text>
      <Group justify="flex-end">
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  );
}
