import type { Overview } from '@proofbox/contract/admin';
import { SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { duration, roughDuration } from '../format/duration.ts';
import { count, countOf, rate } from '../format/number.ts';
import { useNow } from '../parts/use-now.ts';

/** The five numbers that say whether all is well. */
export function Numbers({ overview }: { overview: Overview }) {
  const { counts, backlog, oldestPendingAt } = overview;
  const now = useNow();
  const deadLetters = counts.dead + counts.held;
  const oldestMs = oldestPendingAt === undefined ? 0 : Math.max(0, now - Date.parse(oldestPendingAt));
  const isStuck = overview.secondsToEmpty === undefined && oldestMs > longWaitMs;
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: 5 }}
      spacing="md"
      className="tiles"
      component="section"
      aria-label="The numbers of this moment"
    >
      <Tile label="Accepted" value={rate(overview.acceptedPerSecond)} unit="/ s">
        {countOf(overview.accepted, 'order')} in all
      </Tile>
      <Tile label="Fulfilled" value={rate(overview.fulfilledPerSecond)} unit="/ s">
        {countOf(counts.fulfilled, 'order')} in all
      </Tile>
      <Tile label="Backlog" value={count(backlog)} isWorrying={isStuck}>
        {backlog === 0 ? 'no order waits' : `the oldest waits ${roughDuration(oldestMs)}`}
      </Tile>
      <TimeToEmpty overview={overview} isStuck={isStuck} />
      <Tile label="Dead letters" value={count(deadLetters)} isWorrying={deadLetters > 0} href="/dead-letters">
        {deadLetters === 0 ? 'nobody is needed' : `${count(counts.dead)} dead, ${count(counts.held)} held`}
      </Tile>
    </SimpleGrid>
  );
}

/** An order that waits shorter is on its way: a backlog of a few such orders comes and goes. */
const longWaitMs = 30_000;

function TimeToEmpty({ overview, isStuck }: { overview: Overview; isStuck: boolean }) {
  const { backlog, secondsToEmpty, queuePause } = overview;
  const label = 'Time to empty';
  if (backlog === 0) {
    return (
      <Tile label={label} value="–">
        nothing waits
      </Tile>
    );
  }
  if (secondsToEmpty === undefined) {
    return (
      <Tile label={label} value="–" isWorrying={isStuck}>
        {queuePause.isPaused
          ? 'delivery is paused'
          : isStuck
            ? 'the backlog does not shrink'
            : 'the backlog comes and goes'}
      </Tile>
    );
  }
  return (
    <Tile label={label} value={duration(Math.round(secondsToEmpty) * 1_000)}>
      at the present rate
    </Tile>
  );
}

type TileProps = {
  label: string;
  value: string;
  unit?: string;
  children: ReactNode;
  isWorrying?: boolean;
  href?: string;
};

function Tile({ label, value, unit, children, isWorrying = false, href }: TileProps) {
  const content = (
    <>
      <Text size="sm" c="dimmed" fw={500}>
        {label}
      </Text>
      <Text fz={{ base: 24, sm: 28 }} fw={650} lh={1.25} className="digits" {...(isWorrying && { c: 'red' })}>
        {value}
        {unit !== undefined && (
          <Text span size="sm" c="dimmed" fw={500}>
            {' '}
            {unit}
          </Text>
        )}
      </Text>
      <Text size="xs" c="dimmed" className="digits">
        {children}
      </Text>
    </>
  );
  if (href === undefined) {
    return <div className="card">{content}</div>;
  }
  return (
    <Link href={href} className="card tile-link">
      {content}
    </Link>
  );
}
