import { factoryNames, orderStates, deadLetterReasons } from '@proofbox/contract';
import type { OrderFilter } from '@proofbox/contract/admin';
import { Anchor, Button, Group, Pill, Popover, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react';
import { isDeadLetters, type OrderListAddress } from '../address/order-filter-address.ts';
import { useNow } from '../parts/use-now.ts';
import { factoryLabels } from '../labels/factory-labels.ts';
import { filterLabels } from '../labels/filter-labels.ts';
import { reasonLabels, stateLabels } from '../labels/order-labels.ts';
import { ChoiceFilter } from './choice-filter.tsx';
import { TextFilter } from './text-filter.tsx';
import { TimeFilter } from './time-filter.tsx';

type Props = {
  address: OrderListAddress;
  onChange: (address: OrderListAddress) => void;
  onClear: () => void;
};
type Changes = { [K in keyof OrderFilter]: OrderFilter[K] | undefined };

/** Which orders, and in which order. Each change is a new address, so that Back undoes it. */
export function FilterBar({ address, onChange, onClear }: Props) {
  const { filter, sort } = address;
  const set = (changes: Changes) => onChange({ filter: changed(filter, changes), sort });
  return (
    <Stack gap="xs" component="section" aria-label="Filters">
      <Group gap="xs">
        <TextFilter
          aria-label="Text in the last error"
          placeholder="Text in the last error"
          leftSection={<IconSearch size={16} aria-hidden />}
          style={{ flex: '1 1 14rem', maxWidth: '24rem' }}
          value={filter.text}
          onCommit={(text) => set({ text })}
        />
        <ChoiceFilter
          label="State"
          choices={orderStates.map((value) => ({
            value,
            label: stateLabels[value].name,
            meaning: stateLabels[value].meaning,
          }))}
          chosen={filter.state ?? []}
          onChange={(state) => set({ state: state.length === 0 ? undefined : state })}
        />
        <ChoiceFilter
          label="Reason"
          choices={deadLetterReasons.map((value) => ({
            value,
            label: reasonLabels[value].name,
            meaning: reasonLabels[value].meaning,
          }))}
          chosen={filter.reason ?? []}
          onChange={(reason) => set({ reason: reason.length === 0 ? undefined : reason })}
        />
        <MoreFilters filter={filter} set={set} />
        <SegmentedControl
          size="xs"
          ml={{ base: 0, md: 'auto' }}
          aria-label="Sort"
          value={sort}
          onChange={(value) => onChange({ filter, sort: value })}
          data={[
            { value: 'newest', label: 'Newest first' },
            { value: 'oldest', label: 'Oldest first' },
          ]}
        />
      </Group>
      <ActiveFilters filter={filter} set={set} onClear={onClear} />
    </Stack>
  );
}

type PartProps = { filter: OrderFilter; set: (changes: Changes) => void };

function MoreFilters({ filter, set }: PartProps) {
  return (
    <Popover position="bottom-start" trapFocus returnFocus width="min(22rem, 92vw)">
      <Popover.Target>
        <Button variant="default" fw={500} leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}>
          More filters
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="sm" fw={500} mb={-6}>
            Factory of the last attempt
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Factory of the last attempt"
            value={filter.factory ?? 'any'}
            onChange={(value) => set({ factory: factoryNames.find((name) => name === value) })}
            data={[
              { value: 'any', label: 'Any factory' },
              ...factoryNames.map((value) => ({ value, label: factoryLabels[value].split(' ')[0] ?? value })),
            ]}
          />
          <TextFilter
            label="Diner"
            description="The id of the diner"
            value={filter.diner}
            onCommit={(diner) => set({ diner })}
          />
          <TextFilter
            label="Store"
            description="The id of the store"
            value={filter.store}
            onCommit={(store) => set({ store })}
          />
          <TimeFilter from={filter.from} to={filter.to} onChange={set} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function ActiveFilters({ filter, set, onClear }: PartProps & { onClear: () => void }) {
  const now = useNow();
  const active = filterLabels(filter, now).filter(({ name }) => name !== 'state');
  if (active.length === 0 && isDeadLetters(filter)) return null;
  return (
    <Group gap="xs">
      {active.map(({ name, label }) => (
        <Pill
          key={name}
          withRemoveButton
          onRemove={() => set({ [name]: undefined })}
          removeButtonProps={{ 'aria-label': `Remove: ${label}`, tabIndex: 0, 'aria-hidden': false }}
          maw="100%"
        >
          {label}
        </Pill>
      ))}
      <Anchor component="button" type="button" size="sm" onClick={onClear}>
        Clear all
      </Anchor>
    </Group>
  );
}

function changed(filter: OrderFilter, changes: Changes): OrderFilter {
  const entries = Object.entries({ ...filter, ...changes }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as OrderFilter;
}
