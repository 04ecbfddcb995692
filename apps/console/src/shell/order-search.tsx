import { Loader, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';
import { adminApi } from '../api/admin-api.ts';
import { ApiError } from '../api/api-error.ts';
import { toQuery } from '../address/query.ts';
import { orderLink } from '../labels/audit-labels.ts';

/** Takes the id of any order, in whatever state, or a text to look for in what factories said of dead letters. */
export function OrderSearch() {
  const [text, setText] = useState('');
  const [, navigate] = useLocation();
  const search = useMutation({
    mutationFn: targetOf,
    onSuccess: (target) => {
      setText('');
      navigate(target);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const asked = text.trim();
    if (asked !== '' && !search.isPending) search.mutate(asked);
  };
  return (
    <form role="search" onSubmit={submit} style={{ flex: '1 1 auto', maxWidth: '26rem', minWidth: 0 }}>
      <TextInput
        type="search"
        aria-label="Find an order by its id, or dead letters by a text"
        placeholder="Order id, or text of an error"
        leftSection={search.isPending ? <Loader size={14} /> : <IconSearch size={16} aria-hidden />}
        error={search.error !== null && search.error.message}
        styles={{
          error: { position: 'absolute', background: 'var(--card-background)', padding: '0.25rem 0.5rem' },
        }}
        maxLength={200}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          search.reset();
        }}
      />
    </form>
  );
}

/** What looks like an id that Proofbox made means that order, even where there is none. */
const idPattern = /^pb-[0-9a-z]+$/;

/** Other ids look like any other word, so the server is asked whether it is one. */
async function targetOf(asked: string): Promise<string> {
  const asText = `/dead-letters${toQuery({ text: asked })}`;
  if (idPattern.test(asked)) return orderLink(asked);
  if (/\s/.test(asked)) return asText;
  try {
    const { id } = await adminApi.order(asked, AbortSignal.timeout(10_000));
    return orderLink(id);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return asText;
    throw error;
  }
}
