import type { OrderRow } from '@proofbox/contract/admin';
import { Checkbox, Group, Stack, Table } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  createColumnHelper,
  rowSelectionFeature,
  tableFeatures,
  useTable,
  type RowSelectionState,
} from '@tanstack/react-table';
import { LastAttempt, OrderFate, OrderId, Whose } from './order-cells.tsx';

type Props = {
  orders: OrderRow[];
  selection: RowSelectionState;
  onSelect: (selection: RowSelectionState) => void;
  /** Everything is chosen by the filter: rows cannot be chosen one by one. */
  isAllChosen: boolean;
};

const features = tableFeatures({ rowSelectionFeature });
const helper = createColumnHelper<typeof features, OrderRow>();
const columns = helper.columns([
  helper.display({ id: 'order', header: 'Order', cell: ({ row }) => <OrderId order={row.original} /> }),
  helper.display({
    id: 'fate',
    header: 'State and reason',
    cell: ({ row }) => <OrderFate order={row.original} />,
  }),
  helper.display({
    id: 'last',
    header: 'Last attempt',
    cell: ({ row }) => <LastAttempt order={row.original} />,
  }),
  helper.display({
    id: 'whose',
    header: 'Diner and store',
    cell: ({ row }) => <Whose order={row.original} />,
  }),
]);
const widths: Record<string, string> = { order: '26%', fate: '25%', whose: '16%' };

/** The orders of a page: a table, or a list where there is no room for one. */
export function OrdersTable({ orders, selection, onSelect, isAllChosen }: Props) {
  const isNarrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const table = useTable({
    features,
    columns,
    data: orders,
    getRowId: ({ id }) => id,
    state: { rowSelection: selection },
    onRowSelectionChange: (change) => onSelect(typeof change === 'function' ? change(selection) : change),
  });
  const rows = table.getRowModel().rows;
  // Of this page only: what is chosen may stand on others.
  const chosenHere = rows.filter(({ id }) => selection[id]).length;
  const areAllChosen = isAllChosen || (rows.length > 0 && chosenHere === rows.length);
  const all = (
    <Checkbox
      aria-label="Choose all orders on this page"
      checked={areAllChosen}
      indeterminate={!areAllChosen && chosenHere > 0}
      disabled={isAllChosen}
      onChange={(event) => table.toggleAllRowsSelected(event.currentTarget.checked)}
      {...(isNarrow && { label: 'All on this page' })}
    />
  );
  const one = (row: (typeof rows)[number]) => (
    <Checkbox
      aria-label={`Choose order ${row.id}`}
      checked={isAllChosen || row.getIsSelected()}
      disabled={isAllChosen}
      onChange={(event) => row.toggleSelected(event.currentTarget.checked)}
    />
  );

  if (isNarrow) {
    return (
      <Stack gap="sm">
        {all}
        <Stack gap="sm" component="ul" p={0} m={0} aria-label="Orders">
          {rows.map((row) => (
            <Group key={row.id} component="li" className="card" wrap="nowrap" align="flex-start" gap="sm">
              {one(row)}
              <Stack gap={6} style={{ minWidth: 0, flex: 1 }}>
                <OrderId order={row.original} />
                <OrderFate order={row.original} />
                <LastAttempt order={row.original} />
                <Whose order={row.original} />
              </Stack>
            </Group>
          ))}
        </Stack>
      </Stack>
    );
  }
  return (
    <div className="card" style={{ padding: 0, overflow: 'hidden' }}>
      <Table highlightOnHover verticalSpacing="xs" horizontalSpacing="sm" layout="fixed" aria-label="Orders">
        <Table.Thead>
          {table.getHeaderGroups().map((group) => (
            <Table.Tr key={group.id}>
              <Table.Th w={44}>{all}</Table.Th>
              {group.headers.map((header) => (
                <Table.Th key={header.id} w={widths[header.column.id]}>
                  <table.FlexRender header={header} />
                </Table.Th>
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id} {...(row.getIsSelected() && { bg: 'var(--chosen-background)' })}>
              <Table.Td>{one(row)}</Table.Td>
              {row.getAllCells().map((cell) => (
                <Table.Td key={cell.id} style={{ verticalAlign: 'top' }}>
                  <table.FlexRender cell={cell} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
