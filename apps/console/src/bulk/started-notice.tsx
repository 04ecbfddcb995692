import type { BulkTask } from '@proofbox/contract/admin';
import { Alert, Anchor, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useBulkTasks } from '../live/live.tsx';
import { taskLink } from '../labels/audit-labels.ts';
import { doneLabel, startedLabel } from './bulk-labels.ts';

type Props = {
  /** As it was when it was started. */
  task: BulkTask;
  onClose: () => void;
};

/** Stays above the list from which a task was started, and says how far it is. */
export function StartedNotice({ task: started, onClose }: Props) {
  const { data: tasks = [] } = useBulkTasks();
  const task = tasks.find(({ id }) => id === started.id) ?? started;
  return (
    <Alert
      color={task.trouble === undefined ? 'blue' : 'yellow'}
      role="region"
      aria-label="The bulk task that was started"
      title={startedLabel(task)}
      withCloseButton
      closeButtonLabel="Hide this notice"
      onClose={onClose}
    >
      <Text size="sm" className="digits">
        {doneLabel(task)}.{' '}
        <Anchor component={Link} href={taskLink(task.id)} size="sm" underline="always">
          See the task
        </Anchor>
      </Text>
    </Alert>
  );
}
