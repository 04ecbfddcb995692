import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';

type Props = Omit<TextInputProps, 'value' | 'onChange'> & {
  value: string | undefined;
  onCommit: (value: string | undefined) => void;
};

/** A condition that is typed: it holds when Enter is pressed or the field is left, not with each letter. */
export function TextFilter({ value = '', onCommit, ...props }: Props) {
  const [draft, setDraft] = useState({ of: value, text: value });
  const text = draft.of === value ? draft.text : value;
  const commit = () => {
    const trimmed = text.trim();
    if (trimmed !== value) onCommit(trimmed === '' ? undefined : trimmed);
  };
  return (
    <TextInput
      maxLength={200}
      {...props}
      value={text}
      onChange={(event) => setDraft({ of: value, text: event.currentTarget.value })}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
