import { createLogger, createMetrics } from '@proofbox/runtime';
import { expect, test } from 'vitest';
import { createEvents } from './events.ts';

test('who is refused is counted each time, and logged only where nobody can fill the disk with it', async () => {
  const lines: string[] = [];
  const metrics = createMetrics();
  const logger = createLogger({ service: 'test', level: 'info' }, { write: (line) => lines.push(line) });
  const events = createEvents(logger, metrics);
  const address = '10.0.0.1';
  for (const why of ['no_token', 'session_ended', 'other_site', 'too_many'] as const)
    events.refused(why, { address });
  expect(lines).toEqual([]);
  events.refused('bad_token', { address });
  events.refused('other_site', { address, by: 'ann' });
  events.refused('role', { address, by: 'ann' });
  expect(lines.map((line) => (JSON.parse(line) as { why: string }).why)).toEqual([
    'bad_token',
    'other_site',
    'role',
  ]);
  expect(await metrics.metrics()).toContain('proofbox_admin_refused_total{why="session_ended"} 1');
});
