import { code, paragraphs, table } from '../markdown.ts';
import type { Metric } from '../record-metrics.ts';
import type { RunningApp } from '../running-apps.ts';

const introduction = `Each process serves \`/metrics\` for Prometheus. Counters begin at 0 when a process starts.

Node.js' own metrics (\`process_…\`, \`nodejs_…\`) are there, too.`;

const titles: Record<string, string> = { ingest: 'Ingest', worker: 'Worker', admin: 'Admin server' };

/** `metrics.md`: the metrics that the running apps have registered. */
export function metricsPage(apps: readonly RunningApp[]): string {
  const [first, ...others] = apps;
  const everywhere = first!.metrics.filter(({ name }) => others.every((app) => has(app, name)));
  const own = apps.map(({ name, metrics }) =>
    paragraphs(
      `## ${titles[name]}`,
      tableOf(metrics.filter((metric) => !everywhere.some((each) => each.name === metric.name))),
    ),
  );
  return paragraphs(
    '# Metrics',
    introduction,
    '## Every process',
    'Those of orders and of the queue describe the whole shop. Every process shows the same value: take `max()` of them, not `sum()`.',
    tableOf(everywhere),
    ...own,
  );
}

function has({ metrics }: RunningApp, name: string): boolean {
  return metrics.some((each) => each.name === name);
}

function tableOf(metrics: readonly Metric[]): string {
  const rows = metrics
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), help]);
  return table(['Name', 'Type', 'Labels', 'What it tells'], rows);
}
