import { Button, Group, Stack, TextInput } from '@mantine/core';
import { momentIn } from '../address/query.ts';
import { toLocalInput } from '../format/local-input.ts';

type Range = { from?: string | undefined; to?: string | undefined };
type Props = Range & { onChange: (range: Range) => void };

const spans = [
  { label: 'Last hour', ms: 3_600_000 },
  { label: '24 h', ms: 86_400_000 },
  { label: '7 days', ms: 604_800_000 },
];

/** From when, until when, in local time. */
export function TimeFilter({ from, to, onChange }: Props) {
  return (
    <Stack gap="xs">
      <Group gap="xs" grow>
        {spans.map(({ label, ms }) => (
          <Button
            key={label}
            variant="default"
            size="xs"
            px="xs"
            onClick={() => onChange({ from: new Date(Date.now() - ms).toISOString(), to: undefined })}
          >
            {label}
          </Button>
        ))}
      </Group>
      <TextInput
        type="datetime-local"
        label="From"
        value={toLocalInput(from)}
        onChange={(event) => onChange({ from: momentIn(event.currentTarget.value) })}
      />
      <TextInput
        type="datetime-local"
        label="Before"
        value={toLocalInput(to)}
        onChange={(event) => onChange({ to: momentIn(event.currentTarget.value) })}
      />
    </Stack>
  );
}
