import { Registry } from 'prom-client';

/** What a metric says of itself. */
export type Metric = { name: string; type: string; labels: string[]; help: string };

type Registered = {
  name: string;
  type?: string;
  labelNames?: string[];
  help: string;
  constructor: { name: string };
};

/** The metrics of our own that are registered, in any registry, until it is disposed of. A scrape does not show labels of which it has no sample. */
export function recordMetrics(): Disposable & { metrics: Metric[] } {
  const metrics: Metric[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- it is called with its registry below
  const { registerMetric } = Registry.prototype;
  Registry.prototype.registerMetric = function record(this: Registry, metric) {
    const { name, help, labelNames = [], constructor } = metric as unknown as Registered;
    if (/^(?:proofbox|pizza)/.test(name))
      metrics.push({ name, help, labels: labelNames, type: constructor.name.toLowerCase() });
    registerMetric.call(this, metric);
  };
  return { metrics, [Symbol.dispose]: () => void (Registry.prototype.registerMetric = registerMetric) };
}
