import { auditActions, type AuditFilter } from '@proofbox/contract/admin';
import { Button, EmptyState, Group, Menu, Stack } from '@mantine/core';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { readAuditAddress, writeAuditAddress } from '../address/audit-address.ts';
import { adminApi, auditExportLink } from '../api/admin-api.ts';
import { AuditList } from '../audit/audit-list.tsx';
import { AllowedButton } from '../parts/allowed-button.tsx';
import { Page } from '../parts/page.tsx';
import { PageSkeleton } from '../parts/page-skeleton.tsx';
import { Trouble } from '../parts/trouble.tsx';
import { ChoiceFilter } from '../dead-letters/choice-filter.tsx';
import { TextFilter } from '../dead-letters/text-filter.tsx';
import { useMay } from '../session/session.ts';
import { auditLabel } from '../labels/audit-labels.ts';

const pageSize = 50;

/** Who did what, and why. */
export function AuditPage() {
  const [query] = useSearchParams();
  const [, navigate] = useLocation();
  const { filter, cursor } = readAuditAddress(query);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['audit', filter, cursor],
    queryFn: ({ pageParam, signal }) =>
      adminApi.audit({ ...filter, limit: pageSize, cursor: pageParam }, signal),
    initialPageParam: cursor,
    getNextPageParam: (last) => last.nextCursor,
  });
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const set = (changes: { [K in keyof AuditFilter]: AuditFilter[K] | undefined }) => {
    const kept = Object.entries({ ...filter, ...changes }).filter(([, value]) => value !== undefined);
    navigate(writeAuditAddress({ filter: Object.fromEntries(kept) }));
  };
  return (
    <Page
      title="Audit log"
      about="Who changed or revealed something, and why. Entries are added and never changed."
      aside={<Export filter={filter} />}
    >
      <Group gap="xs" component="section" aria-label="Filters">
        <TextFilter
          aria-label="By whom"
          placeholder="By whom"
          w="10rem"
          value={filter.by}
          onCommit={(by) => set({ by })}
        />
        <TextFilter
          aria-label="About what"
          placeholder="Order id, factory:primary …"
          style={{ flex: '1 1 12rem', maxWidth: '22rem' }}
          value={filter.subject}
          onCommit={(subject) => set({ subject })}
        />
        <ChoiceFilter
          label="What"
          choices={auditActions.map((value) => ({ value, label: auditLabel[value] }))}
          chosen={filter.action ?? []}
          onChange={(action) => set({ action: action.length === 0 ? undefined : action })}
        />
        {Object.keys(filter).length > 0 && (
          <Button variant="subtle" size="sm" onClick={() => navigate('/audit')}>
            Clear all
          </Button>
        )}
      </Group>
      {error && <Trouble what="The audit log could not be read" error={error} onRetry={refetch} />}
      {!data && !error && <PageSkeleton rows={8} height={48} />}
      {entries.length > 0 && <AuditList entries={entries} />}
      {data && entries.length === 0 && !hasNextPage && (
        <Stack className="card" py="xl">
          <EmptyState
            icon={<IconHistory aria-hidden />}
            title="No entry"
            description="Nobody has done anything that matches the filter."
          />
        </Stack>
      )}
      {hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Load more
          </Button>
        </Group>
      )}
    </Page>
  );
}

function Export({ filter }: { filter: AuditFilter }) {
  const mayExport = useMay('admin');
  const icon = <IconDownload size={14} aria-hidden />;
  if (!mayExport) {
    return (
      <AllowedButton needs="admin" variant="default" size="xs" leftSection={icon} onClick={() => {}}>
        Export
      </AllowedButton>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={icon}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={auditExportLink('csv', filter)} download>
          As CSV, for a spreadsheet
        </Menu.Item>
        <Menu.Item component="a" href={auditExportLink('ndjson', filter)} download>
          As NDJSON, for a program
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
