import { factorySwitch, type FactorySwitch, type FactoryView } from '@proofbox/contract/admin';
import { Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { adminApi } from '../api/admin-api.ts';
import { AllowedButton } from '../parts/allowed-button.tsx';
import { AskWhy } from '../parts/ask-why.tsx';
import { factoryLabels, switchOf, switchLabels } from '../labels/factory-labels.ts';

const order: FactorySwitch[] = ['auto', 'open', 'closed'];
const technical: Record<FactorySwitch, string> = { auto: '', open: 'force open', closed: 'force closed' };

/** Off, on, or left to the workers. Each asks why and says what follows. */
export function FactorySwitches({ view }: { view: FactoryView }) {
  const current = switchOf(view.condition);
  const [asked, setAsked] = useState<FactorySwitch>();
  const client = useQueryClient();
  const label = factoryLabels[view.factory];
  const chosen = switchLabels[asked ?? 'auto'];
  return (
    <Group gap="xs" mt="auto" pt="xs" role="group" aria-label={`Switch of the ${label.toLowerCase()}`}>
      {order.map((to) => (
        <AllowedButton
          key={to}
          size="xs"
          variant={to === current ? 'light' : 'default'}
          {...(to === current && { 'aria-label': `${switchLabels[to].name}, as it is now` })}
          onClick={() => setAsked(to)}
          {...(technical[to] !== '' && { title: `Breaker: ${technical[to]}` })}
        >
          {to === current && '✓ '}
          {switchLabels[to].name}
        </AllowedButton>
      ))}
      <AskWhy
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={`${label}: ${chosen.action.toLowerCase()}?`}
        confirm={chosen.action}
        isDangerous={asked === 'open'}
        act={async (why) => {
          await adminApi.switchFactory(view.factory, { to: factorySwitch.parse(asked), why });
          await client.invalidateQueries({ queryKey: ['overview'] });
        }}
      >
        <Text size="sm">{chosen.follows}</Text>
      </AskWhy>
    </Group>
  );
}
