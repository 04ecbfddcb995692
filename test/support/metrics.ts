/** One number of a process's `/metrics`. */
export type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number };

/**
 * Reads the `/metrics` of a process.
 * @throws Error when it does not answer within 2 s
 */
export async function readMetrics(processUrl: string): Promise<Sample[]> {
  const reply = await fetch(`${processUrl}/metrics`, { signal: AbortSignal.timeout(2_000) });
  return parseMetrics(await reply.text());
}

/** The samples in a text of Prometheus' exposition format. Values of labels are taken as they stand. */
export function parseMetrics(text: string): Sample[] {
  return text
    .matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)
    .map(([, name = '', labels = '', value]) => ({ name, labels: parseLabels(labels), value: Number(value) }))
    .toArray();
}

function parseLabels(labels: string): Record<string, string> {
  return Object.fromEntries(labels.matchAll(/\b(\w+)="([^"]*)"/g).map(([, name, value]) => [name, value]));
}
