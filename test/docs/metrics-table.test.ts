import { expect, test } from 'vitest';
import { readmeTable } from './readme-table.ts';
import { filesAt, textOf } from './repository.ts';

test("the README's table of metrics has every metric of ours, and no other", () => {
  const documented = readmeTable('## Logs and metrics').map(([name = '']) => name.replace(/\{.*/, ''));
  expect(documented.toSorted()).toEqual(metricsInTheCode().toSorted());
});

function metricsInTheCode(): string[] {
  const sources = filesAt('{apps,packages}/*/src/**/*.ts').filter((file) => !file.endsWith('.test.ts'));
  return sources.flatMap((file) =>
    [...textOf(file).matchAll(/name: '((?:proofbox|pizzas?)_\w+)'/g)].map((match) => match[1]!),
  );
}
