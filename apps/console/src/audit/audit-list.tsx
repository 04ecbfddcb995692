import type { AuditEntry } from '@proofbox/contract/admin';
import { Anchor, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from 'wouter';
import { Moment } from '../parts/moment.tsx';
import { auditLabel, subjectOf, taskLink } from '../labels/audit-labels.ts';

/** Entries of the audit log: a table, or a list where there is no room for one. */
export function AuditList({ entries }: { entries: AuditEntry[] }) {
  const isNarrow = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  if (isNarrow) {
    return (
      <Stack gap="sm" component="ul" p={0} m={0} aria-label="Entries">
        {entries.map((entry) => (
          <Stack key={entry.id} component="li" className="card" gap={4}>
            <Group justify="space-between" gap="xs">
              <Text size="sm" fw={600}>
                {auditLabel[entry.action]}
              </Text>
              <Text size="xs" c="dimmed">
                <Moment at={entry.at} show="both" />
              </Text>
            </Group>
            <Text size="sm">by {entry.by}</Text>
            <Subject entry={entry} />
            <Why entry={entry} />
          </Stack>
        ))}
      </Stack>
    );
  }
  return (
    <div className="card" style={{ padding: 0, overflow: 'hidden' }}>
      <Table verticalSpacing="xs" horizontalSpacing="md" layout="fixed" aria-label="Entries">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="13%">When</Table.Th>
            <Table.Th w="12%">Who</Table.Th>
            <Table.Th w="17%">What</Table.Th>
            <Table.Th w="28%">On what</Table.Th>
            <Table.Th>Why, and what came of it</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id} style={{ verticalAlign: 'top' }}>
              <Table.Td>
                <Moment at={entry.at} show="time" />
                <Text size="xs" c="dimmed">
                  <Moment at={entry.at} />
                </Text>
              </Table.Td>
              <Table.Td className="foreign">{entry.by}</Table.Td>
              <Table.Td>{auditLabel[entry.action]}</Table.Td>
              <Table.Td>
                <Subject entry={entry} />
              </Table.Td>
              <Table.Td>
                <Why entry={entry} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Subject({ entry: { subject, task } }: { entry: AuditEntry }) {
  const { label, href } = subjectOf(subject);
  return (
    <Text size="sm" component="div" className="foreign">
      {href === undefined ? (
        label
      ) : (
        <Anchor
          component={Link}
          href={href}
          size="sm"
          className="mono one-line"
          display="block"
          title={label}
        >
          {label}
        </Anchor>
      )}
      {task !== undefined && (
        <Text size="xs" c="dimmed" component="div">
          by{' '}
          <Anchor component={Link} href={taskLink(task)} size="xs">
            a bulk task
          </Anchor>
        </Text>
      )}
    </Text>
  );
}

function Why({ entry: { why, result } }: { entry: AuditEntry }) {
  return (
    <>
      {why !== '' && (
        <Text size="sm" className="foreign">
          {why}
        </Text>
      )}
      {result !== undefined && (
        <Text size="xs" c="dimmed" className="foreign">
          {result}
        </Text>
      )}
    </>
  );
}
