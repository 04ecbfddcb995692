import { Gauge, type Registry } from 'prom-client';

/** A gauge for a Redis that came back with less than it had. @param isLost asked at each scrape */
export function registerDatasetGauge(registry: Registry, isLost: () => boolean): void {
  new Gauge({
    name: 'proofbox_dataset_lost',
    help: '1 after Redis came back with less than it had, until an operator acknowledges it.',
    registers: [registry],
    collect() {
      this.set(isLost() ? 1 : 0);
    },
  });
}
