import { Button, EmptyState, Stack } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { Link, useSearchParams } from 'wouter';
import { TaskCard } from '../bulk/task-card.tsx';
import { useBulkTasks } from '../live/live.tsx';
import { Page } from '../parts/page.tsx';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { Trouble } from '../parts/trouble.tsx';

/** Replays and discards of many orders: those under way, and those that are over. */
export function TasksPage() {
  const [query] = useSearchParams();
  const { data: tasks, error, refetch } = useBulkTasks();
  return (
    <Page
      title="Bulk tasks"
      about="Replays and discards of many orders at once. They run on the server, whether this page is open or not."
    >
      {error && <Trouble what="The tasks could not be read" error={error} onRetry={refetch} />}
      {!tasks && !error && <PageSkeleton rows={3} height={140} />}
      {tasks?.length === 0 && (
        <Stack className="card" py="xl">
          <EmptyState
            icon={<IconListCheck aria-hidden />}
            title="No bulk task yet"
            description="Choose dead letters, then replay or discard them together."
          >
            <EmptyState.Actions>
              <Button component={Link} href="/dead-letters" variant="default">
                Go to the dead letters
              </Button>
            </EmptyState.Actions>
          </EmptyState>
        </Stack>
      )}
      <Stack gap="md">
        {tasks?.map((task) => (
          <TaskCard key={task.id} task={task} isMarked={task.id === query.get('task')} />
        ))}
      </Stack>
    </Page>
  );
}
