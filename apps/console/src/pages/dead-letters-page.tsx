import type { BulkAction, BulkTask } from '@proofbox/contract/admin';
import { Alert, Button, EmptyState, Group, Stack, Text } from '@mantine/core';
import { IconListCheck, IconMoodSmile, IconRefresh, IconSearchOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import {
  isDeadLetters,
  readOrderListAddress,
  writeOrderListAddress,
  type OrderListAddress,
} from '../address/order-filter-address.ts';
import { BulkDialog } from '../bulk/bulk-dialog.tsx';
import { StartedNotice } from '../bulk/started-notice.tsx';
import { FilterBar } from '../dead-letters/filter-bar.tsx';
import { OrdersTable } from '../dead-letters/orders-table.tsx';
import { SearchLine } from '../dead-letters/search-line.tsx';
import { isEmpty, nothingChosen, targetOf } from '../dead-letters/selection.ts';
import { SelectionBar } from '../dead-letters/selection-bar.tsx';
import { useOrderList } from '../dead-letters/use-order-list.ts';
import { countOf } from '../format/number.ts';
import { Page } from '../parts/page.tsx';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { Trouble } from '../parts/trouble.tsx';

/** Orders that are not tried any more: find them, and replay or discard many at once. */
export function DeadLettersPage() {
  const [query] = useSearchParams();
  const [, navigate] = useLocation();
  const address = readOrderListAddress(query);
  // What is chosen belongs to one filter, and stays while one goes through its pages.
  const filterKey = JSON.stringify(address.filter);
  const [chosen, setChosen] = useState({ of: filterKey, selection: nothingChosen });
  const selection = chosen.of === filterKey ? chosen.selection : nothingChosen;
  const select = (next: typeof selection) => setChosen({ of: filterKey, selection: next });
  const [action, setAction] = useState<BulkAction>();
  const [started, setStarted] = useState<{ of: string; task: BulkTask }>();
  const list = useOrderList(address);
  const go = (to: OrderListAddress) => navigate(writeOrderListAddress(to));

  return (
    <Page
      title="Dead letters"
      about="Orders that no worker tries again until an operator replays them. If an order is held, nobody knows whether it was baked."
      aside={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={list.isRefreshing}
          onClick={() => void list.refresh()}
        >
          Refresh
        </Button>
      }
    >
      <FilterBar address={address} onChange={go} onClear={() => navigate('/dead-letters')} />
      {started && <StartedNotice task={started.task} onClose={() => setStarted(undefined)} />}
      {(list.isSearching || list.isStopped) && list.isLoaded && (
        <SearchLine
          examined={list.examined}
          total={list.total}
          found={list.orders.length}
          isStopped={list.isStopped}
          onStop={list.stop}
          onGoOn={list.goOn}
        />
      )}
      {list.error && <Trouble what="The list could not be read" error={list.error} onRetry={list.refresh} />}
      {list.unreadable.length > 0 && (
        <Alert color="yellow" title={`${countOf(list.unreadable.length, 'order')} cannot be read`}>
          <span className="foreign">
            {list.unreadable.join(', ')}: written by another release of Proofbox, or damaged.
          </span>
        </Alert>
      )}
      {!list.isLoaded && !list.error && <PageSkeleton rows={8} height={52} />}
      {list.isLoaded && list.orders.length > 0 && (
        <OrdersTable
          orders={list.orders}
          selection={selection.ids}
          onSelect={(ids) => select({ ids, isAll: false })}
          isAllChosen={selection.isAll}
        />
      )}
      {list.isLoaded && list.orders.length === 0 && !list.isSearching && !list.error && (
        <NothingFound
          address={address}
          isStopped={list.isStopped}
          isWorkedThrough={started?.of === filterKey && !list.isStopped}
          onClear={() => navigate('/dead-letters')}
        />
      )}
      <PageSteps
        isLater={address.cursor !== undefined}
        nextCursor={list.isSearching ? undefined : list.nextCursor}
        onFirst={() => go({ filter: address.filter, sort: address.sort })}
        onNext={(cursor) => go({ ...address, cursor })}
        shown={list.orders.length}
      />
      {!isEmpty(selection) && (
        <SelectionBar
          selection={selection}
          canChooseAll={list.nextCursor !== undefined || address.cursor !== undefined}
          onChooseAll={() => select({ ids: {}, isAll: true })}
          onClear={() => select(nothingChosen)}
          onAct={setAction}
        />
      )}
      <BulkDialog
        action={action}
        target={targetOf(selection, address.filter)}
        onClose={() => setAction(undefined)}
        onStarted={(task) => {
          setStarted({ of: filterKey, task });
          select(nothingChosen);
        }}
      />
    </Page>
  );
}

type StepsProps = {
  isLater: boolean;
  nextCursor: string | undefined;
  shown: number;
  onFirst: () => void;
  onNext: (cursor: string) => void;
};

function PageSteps({ isLater, nextCursor, shown, onFirst, onNext }: StepsProps) {
  if (!isLater && nextCursor === undefined) return null;
  return (
    <Group justify="space-between" component="nav" aria-label="Pages of the list">
      <Text size="sm" c="dimmed">
        {shown} on this page
      </Text>
      <Group gap="xs">
        {isLater && (
          <Button variant="default" onClick={onFirst}>
            First page
          </Button>
        )}
        {isLater && (
          <Button variant="default" onClick={() => globalThis.history.back()}>
            Back
          </Button>
        )}
        <Button
          variant="default"
          disabled={nextCursor === undefined}
          onClick={() => nextCursor !== undefined && onNext(nextCursor)}
        >
          Next page
        </Button>
      </Group>
    </Group>
  );
}

type NothingProps = {
  address: OrderListAddress;
  isStopped: boolean;
  /** A bulk task was started from this very list: that it is empty is no mistake in the filter. */
  isWorkedThrough: boolean;
  onClear: () => void;
};

function NothingFound({ address: { filter, cursor }, isStopped, isWorkedThrough, onClear }: NothingProps) {
  const title = isStopped ? 'Nothing found so far' : 'No order matches';
  const isPlain = isDeadLetters(filter) && Object.keys(filter).length === 1 && cursor === undefined;
  return (
    <Stack className="card" py="xl">
      {isPlain ? (
        <EmptyState
          icon={<IconMoodSmile aria-hidden />}
          title="No dead letters"
          description="Every order is fulfilled, discarded or on its way. Nothing needs an operator here."
        />
      ) : (
        <EmptyState
          icon={isWorkedThrough ? <IconListCheck aria-hidden /> : <IconSearchOff aria-hidden />}
          title={isWorkedThrough ? 'Nothing is left in this list' : title}
          description={
            isWorkedThrough
              ? 'The bulk task that you started here took its orders out of the list.'
              : 'Remove a condition, or look in other states and times.'
          }
        >
          <EmptyState.Actions>
            <Button variant="default" onClick={onClear}>
              Clear the filter
            </Button>
          </EmptyState.Actions>
        </EmptyState>
      )}
    </Stack>
  );
}
