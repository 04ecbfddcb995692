import Table from 'cli-table3';
import type { BenchResult } from './result.ts';
import type { Figure } from './statistics.ts';

/** What was measured, for people: medians, and in brackets the least and the most of the rounds. */
export function tablesOf({ accept, drain, e2e, idle }: BenchResult): string {
  const tables: string[] = [];
  if (accept) {
    const { proofbox, plain, ceiling } = accept;
    tables.push(
      table(
        ['Taking orders, 64 connections', 'Proofbox', 'plain BullMQ', 'HTTP ceiling'],
        [
          ['orders a second', proofbox.perSecond, plain.perSecond, ceiling.perSecond],
          ['p50, ms', proofbox.p50Ms, plain.p50Ms, ceiling.p50Ms],
          ['p99, ms', proofbox.p99Ms, plain.p99Ms, ceiling.p99Ms],
          ['ingest, CPU ms per 1,000', proofbox.ingestCpuMs, plain.ingestCpuMs, ceiling.ingestCpuMs],
          ['Redis, CPU ms per 1,000', proofbox.redisCpuMs, plain.redisCpuMs, ceiling.redisCpuMs],
        ],
      ),
    );
  }
  for (const [alg, { proofbox, plain }] of Object.entries(drain ?? {})) {
    tables.push(
      table(
        [`One worker and a backlog, receipts in ${alg}`, 'Proofbox', 'plain BullMQ'],
        [
          ['orders a second', proofbox.perSecond, plain.perSecond],
          ['worker, CPU ms per 1,000', proofbox.workerCpuMs, plain.workerCpuMs],
          ['Redis, CPU ms per 1,000', proofbox.redisCpuMs, plain.redisCpuMs],
        ],
      ),
    );
  }
  if (e2e) {
    const rows = Object.entries(e2e).flatMap(([rate, { proofbox, plain }]): Row[] => [
      [`p50 at ${rate}/s, ms`, proofbox.p50Ms, plain.p50Ms],
      [`p99 at ${rate}/s, ms`, proofbox.p99Ms, plain.p99Ms],
    ]);
    tables.push(table(['From the order to its receipt', 'Proofbox', 'plain BullMQ'], rows));
  }
  if (idle) {
    const shown = new Table({ head: ['With nothing to do', '% of a core'], style: { head: [] } });
    for (const [name, share] of Object.entries(idle)) shown.push([name, share.toFixed(2)]);
    tables.push(shown.toString());
  }
  return tables.join('\n\n');
}

type Row = [what: string, ...figures: Figure[]];

function table(head: string[], rows: Row[]): string {
  const shown = new Table({ head, style: { head: [] } });
  for (const [what, ...figures] of rows) shown.push([what, ...figures.map(formatFigure)]);
  return shown.toString();
}

function formatFigure({ median, min, max }: Figure): string {
  return `${short(median)} (${short(min)} to ${short(max)})`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
