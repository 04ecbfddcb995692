import { expect, test } from 'vitest';
import { parseMetrics } from './metrics.ts';

test('samples are read with and without labels, and comments are not', () => {
  const text = `# HELP failures Calls that failed
# TYPE failures counter
failures{factory="primary",outcome="failed"} 3
pizzas_sold_total 12

process_start_time_seconds 1.767e+9
`;
  expect(parseMetrics(text)).toEqual([
    { name: 'failures', labels: { factory: 'primary', outcome: 'failed' }, value: 3 },
    { name: 'pizzas_sold_total', labels: {}, value: 12 },
    { name: 'process_start_time_seconds', labels: {}, value: 1_767_000_000 },
  ]);
});
