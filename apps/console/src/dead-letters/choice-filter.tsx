import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';

type Choice<T> = { value: T; label: string; meaning?: string };
type Props<T> = {
  label: string;
  choices: Choice<T>[];
  chosen: readonly T[];
  onChange: (chosen: T[]) => void;
};

/** A condition with a few possible values, any of which may hold. */
export function ChoiceFilter<T extends string>({ label, choices, chosen, onChange }: Props<T>) {
  const labels = choices.filter(({ value }) => chosen.includes(value)).map((choice) => choice.label);
  const summary =
    labels.length === 0 ? 'any' : labels.length <= 2 ? labels.join(', ') : `${labels.length} chosen`;
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="sm"
          fw={500}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          aria-label={`${label}: ${summary}`}
        >
          <span style={{ color: 'var(--quiet-text)' }}>{label}:&nbsp;</span>
          {summary}
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw="min(22rem, 92vw)">
        <Checkbox.Group
          aria-label={label}
          value={[...chosen]}
          onChange={(values) =>
            onChange(choices.map(({ value }) => value).filter((each) => values.includes(each)))
          }
        >
          <Stack gap="sm">
            {choices.map(({ value, label: name, meaning }) => (
              <Checkbox key={value} value={value} label={name} description={meaning} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
