import { expect, test } from 'vitest';
import { parts } from './options.ts';
import { toJson } from './result.ts';
import { runBench } from './run-bench.ts';
import { tablesOf } from './tables.ts';

test('the smallest round of each part has every figure, for people and for programs', async () => {
  const { signal } = new AbortController();
  const result = await runBench({ only: parts, rounds: 1, orders: 100, seconds: 1, signal, say: () => {} });
  const number = expect.any(Number);
  const times = { p50Ms: number, p99Ms: number, plainP50Ms: number, plainP99Ms: number };
  expect(toJson(result)).toEqual({
    acceptToHttpCeiling: number,
    acceptToPlain: number,
    acceptP99ToPlain: number,
    acceptCpuToPlain: number,
    redisCpuToPlain: number,
    drainToPlain: number,
    drainCpuToPlain: number,
    e2e: { 100: times, 300: times, 1000: times },
    idleCpuPercent: number,
  });
  expect(tablesOf(result)).toMatch(/Taking orders[\s\S]*EdDSA[\s\S]*RS256[\s\S]*receipt[\s\S]*nothing to do/);
});
