import { expect, test } from 'vitest';
import { parseMetrics } from '../../support/metrics.ts';
import { firstSteadyFailure, isPrimaryFailing } from './alarm.ts';

function worker({ primary = 'closed', fallback = 'closed', failures = 0, fallbackFailures = 0 } = {}) {
  return parseMetrics(`pizza_factory_breaker_state{factory="primary",state="closed"} 0
pizza_factory_breaker_state{factory="primary",state="${primary}"} 1
pizza_factory_breaker_state{factory="fallback",state="${fallback}"} 1
pizza_creation_failures_total{factory="primary",outcome="failed"} ${failures}
pizza_creation_failures_total{factory="fallback",outcome="failed"} ${fallbackFailures}
`);
}

test.for(['open', 'half_open', 'out_of_service'])('a primary that is %s is an alarm', (primary) => {
  expect(isPrimaryFailing(worker({ primary }), worker({ primary }))).toBe(true);
});

test('a call to the primary that has failed since the last reading is an alarm', () => {
  expect(isPrimaryFailing(worker({ failures: 3 }), worker({ failures: 2 }))).toBe(true);
  expect(isPrimaryFailing(worker({ failures: 1 }), [])).toBe(true);
});

test('old failures, and failures of the fallback, are no alarm', () => {
  expect(isPrimaryFailing(worker({ failures: 3 }), worker({ failures: 3 }))).toBe(false);
  expect(isPrimaryFailing(worker({ fallback: 'open', fallbackFailures: 9 }), worker())).toBe(false);
  expect(isPrimaryFailing([], [])).toBe(false);
});

const second = (at: number, hasReceipt = false) => ({
  placedAt: at * 1_000,
  answeredAt: at * 1_000,
  hasReceipt,
});

test('the old alert fires when there were only failures for so long', () => {
  expect(firstSteadyFailure([second(1, true), second(2), second(6), second(11)], 8_000)).toBe(10_000);
  expect(firstSteadyFailure([second(2), second(9)], 8_000)).toBeUndefined();
});

test('one success, and the old alert starts to count again', () => {
  const purchases = [second(2), second(9), second(9.5, true), second(11), second(18)];
  expect(firstSteadyFailure(purchases, 8_000)).toBeUndefined();
  expect(firstSteadyFailure([...purchases, second(20)], 8_000)).toBe(19_000);
});
