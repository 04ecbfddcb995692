import { Anchor, Stack, Text } from '@mantine/core';
import type { Warning } from '@proofbox/contract/admin';
import { Link } from 'wouter';
import { Note } from '../parts/note.tsx';

/** What needs an operator, as the server wrote it: what is critical apart from the rest. */
export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const critical = warnings.filter((each) => each.level === 'critical');
  const others = warnings.filter((each) => each.level !== 'critical');
  return (
    <>
      {critical.length > 0 && (
        <Note tone="bad" title={counted(critical.length, 'critical thing')}>
          <WarningList warnings={critical} />
        </Note>
      )}
      {others.length > 0 && (
        <Note tone="careful" title={counted(others.length, 'thing to look at', 'things to look at')}>
          <WarningList warnings={others} />
        </Note>
      )}
    </>
  );
}

function WarningList({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {warnings.map(({ text, page }) => (
        <Text key={text} size="sm" component="li" className="foreign">
          {text}{' '}
          {page !== undefined && (
            <Anchor component={Link} href={`/${page}`} size="sm" underline="always">
              {pageNames[page]}
            </Anchor>
          )}
        </Text>
      ))}
    </Stack>
  );
}

const pageNames: Record<NonNullable<Warning['page']>, string> = {
  factories: 'Open Factories',
  'dead-letters': 'Open Dead letters',
};

function counted(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
