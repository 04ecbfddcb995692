import type { DinerView } from '@proofbox/contract/admin';
import { Anchor, DataList, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { toQuery } from '../address/query.ts';
import { adminApi } from '../api/admin-api.ts';
import { AllowedButton } from '../parts/allowed-button.tsx';
import { AskWhy } from '../parts/ask-why.tsx';
import { Fact } from '../parts/fact.tsx';

type Props = { orderId: string; diner: DinerView; onReveal: (diner: DinerView) => void };

/** Who ordered. Name, e-mail, and an id that may be one, are masked until an operator says why they are needed. */
export function DinerCard({ orderId, diner, onReveal }: Props) {
  const [isAsking, ask] = useDisclosure();
  const client = useQueryClient();
  // An id that says nothing about anybody is shown to everybody, and can be searched for.
  const isIdMasked = diner.isMasked && diner.id.includes('•');
  return (
    <Stack className="card" gap="sm">
      <DataList size="sm" gap={6} labelWidth="7rem">
        <Fact label="Id">
          {isIdMasked ? (
            diner.id
          ) : (
            <Anchor
              component={Link}
              underline="always"
              size="sm"
              href={`/dead-letters${toQuery({ diner: diner.id })}`}
              title="Dead letters of this diner"
            >
              {diner.id}
            </Anchor>
          )}
        </Fact>
        <Fact label="Name">{diner.name ?? 'not given'}</Fact>
        <Fact label="E-mail">{diner.email ?? 'not given'}</Fact>
      </DataList>
      {diner.isMasked && (isIdMasked || diner.name !== undefined || diner.email !== undefined) && (
        <Group>
          <AllowedButton size="xs" variant="default" onClick={ask.open}>
            Reveal …
          </AllowedButton>
        </Group>
      )}
      <AskWhy
        isOpen={isAsking}
        onClose={ask.close}
        title="Reveal who the diner is?"
        confirm="Reveal"
        act={async (why) => {
          onReveal((await adminApi.reveal(orderId, why)).diner);
          await client.invalidateQueries({ queryKey: ['order', orderId] });
        }}
      >
        You see who the diner is until you leave this page. The audit log records that you did, and why.
      </AskWhy>
    </Stack>
  );
}
