import { Textarea } from '@mantine/core';

type Props = { value: string; onChange: (value: string) => void; placeholder?: string };

/** Asks for the reason that goes into the audit log. */
export function WhyField({ value, onChange, placeholder }: Props) {
  return (
    <Textarea
      label="Why?"
      description="A short reason, for the reader of the audit log."
      placeholder={placeholder ?? 'For instance: the factory is repaired, ticket 4711'}
      required
      data-autofocus
      maxLength={500}
      rows={2}
      resize="vertical"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
