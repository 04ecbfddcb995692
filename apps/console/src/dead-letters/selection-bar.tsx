import type { BulkAction } from '@proofbox/contract/admin';
import { mostIds } from '@proofbox/contract/admin';
import { Anchor, Group, Paper, Text } from '@mantine/core';
import { countOf } from '../format/number.ts';
import { AllowedButton } from '../parts/allowed-button.tsx';
import { chosenIds, hasTooMany, type Selection } from './selection.ts';

type Props = {
  selection: Selection;
  canChooseAll: boolean;
  onChooseAll: () => void;
  onClear: () => void;
  onAct: (action: BulkAction) => void;
};

/** Stands at the foot of the window while something is chosen. */
export function SelectionBar({ selection, canChooseAll, onChooseAll, onClear, onAct }: Props) {
  const isTooMuch = hasTooMany(selection);
  return (
    <Paper
      withBorder
      shadow="md"
      p="sm"
      radius="lg"
      component="section"
      aria-label="What is chosen"
      style={{ position: 'sticky', bottom: '0.75rem', zIndex: 5 }}
    >
      <Group justify="space-between" gap="sm">
        <Group gap="sm">
          <Text fw={600} size="sm" role="status">
            {selection.isAll
              ? 'All that match the filter'
              : `${countOf(chosenIds(selection).length, 'order')} chosen`}
          </Text>
          {canChooseAll && !selection.isAll && (
            <Anchor component="button" type="button" size="sm" onClick={onChooseAll}>
              Choose all that match the filter
            </Anchor>
          )}
          <Anchor component="button" type="button" size="sm" c="dimmed" onClick={onClear}>
            Clear
          </Anchor>
        </Group>
        {isTooMuch ? (
          <Text size="sm" c="red">
            At most {mostIds.toLocaleString('en-US')} can be chosen one by one. Use a filter instead.
          </Text>
        ) : (
          <Group gap="xs">
            <AllowedButton size="sm" onClick={() => onAct('replay')}>
              Replay …
            </AllowedButton>
            <AllowedButton size="sm" variant="light" color="red" onClick={() => onAct('discard')}>
              Discard …
            </AllowedButton>
          </Group>
        )}
      </Group>
    </Paper>
  );
}
