import { Readable } from 'node:stream';
import type { AuditEntry } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { auditLines } from './audit-lines.ts';

const at = new Date(0).toISOString();

const entries: AuditEntry[] = [
  {
    id: '1-0',
    at,
    by: 'ada',
    action: 'replay',
    subject: 'pb-1',
    why: 'a "good", reason\nin two lines',
  },
  {
    id: '2-0',
    at,
    by: '@eve',
    action: 'discard',
    subject: 'pb-2',
    why: '=1+1',
    result: ' =1',
    task: 'b-1',
  },
];

async function textOf(format: 'csv' | 'ndjson'): Promise<string> {
  let text = '';
  for await (const line of auditLines(Readable.from(entries), format)) text += line;
  return text;
}

test('as JSON, an entry is a line', async () => {
  const lines = (await textOf('ndjson')).trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(entries);
});

test('as CSV, what has commas, quotes or lines stands in quotes, and nothing is a formula', async () => {
  expect(await textOf('csv')).toBe(
    [
      'id,at,by,action,subject,why,result,task',
      `1-0,${at},ada,replay,pb-1,"a ""good"", reason\nin two lines",,`,
      `2-0,${at},'@eve,discard,pb-2,'=1+1,' =1,b-1`,
      '',
    ].join('\r\n'),
  );
});

test.each(['ndjson', 'csv'] as const)('as %s, no text gives a terminal orders', async (format) => {
  const hostile = { ...entries[0]!, why: 'why\u001b[2J\u009b31m\u007f\u202e', result: 'a;=1' };
  let text = '';
  for await (const line of auditLines(Readable.from([hostile]), format)) text += line;
  expect(text.replaceAll(/\r?\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text).toContain(format === 'csv' ? "a;'=1" : '"a;=1"');
});
