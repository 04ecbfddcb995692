import type { FactoryVerdict } from '@proofbox/contract';
import { unknownFactory, type FactoryFacts } from '@proofbox/ledger';
import { expect, test } from 'vitest';
import { toFactoryView } from '../factory-view.ts';
import { factoriesView, factoryView } from './factory-view.ts';
import { createPaint } from './terminal.ts';

const now = Date.parse('2026-11-23T06:15:00.000Z');
const options = { paint: createPaint({ hasColours: false }), now };

const never = { lastFulfilledAt: 0 };

function view(changes: Partial<FactoryVerdict>, facts: FactoryFacts = never): string {
  const verdict = { ...unknownFactory('primary'), version: 7, ...changes };
  return factoryView(toFactoryView(verdict, facts, now), options);
}

test('a factory of which nobody has said anything is trusted, and both names are shown', () => {
  const factories = [unknownFactory('primary'), unknownFactory('fallback')];
  const shown = factories.map((each) => toFactoryView(each, never, now));
  expect(factoriesView(shown, options)).toBe(`primary
  Condition  closed: takes orders (no verdict yet: trusted)

fallback
  Condition  closed: takes orders (no verdict yet: trusted)
`);
});

test('an open one: since when, why, until when, and what must happen then', () => {
  const open = {
    state: 'open' as const,
    cause: '3 orders in a row, the last: chaos monkey',
    changedAt: now - 3_000,
    openUntil: now + 17_000,
    probesLeft: 3,
  };
  expect(view(open)).toBe(`primary
  Condition     open: is sent none for now
  Since         2026-11-23T06:14:57.000Z (3 s ago)
  Why           3 orders in a row, the last: chaos monkey
  Until         2026-11-23T06:15:17.000Z (in 17 s), then one order is tried
  Closed after  3 baked probes
`);
  const probe = { orderId: 'pb-1', worker: 'host:7', until: now + 1_000 };
  const halfOpen = view({ ...open, openUntil: now, probesLeft: 1, probe });
  expect(halfOpen).toMatch(/Condition +half-open: one order is tried/);
  expect(halfOpen).toMatch(/Trying +order pb-1, by host:7/);
  expect(halfOpen).toMatch(/Closed after +1 baked probe\n/);
  expect(halfOpen).not.toContain('Until');
});

test('one that is tried carefully, and asks for patience', () => {
  const shown = view({ changedAt: now - 60_000, places: 4, throttledUntil: now + 30_000 });
  expect(shown).toMatch(/Condition +closed: takes orders\n/);
  expect(shown).toMatch(/At a time +4 orders, growing\n/);
  expect(shown).toMatch(/Throttled +it asked to be left alone until 2026-11-23T06:15:30\.000Z \(in 30 s\)/);
  expect(view({ throttledUntil: now })).not.toContain('Throttled');
});

test('when it last baked, and how long that takes it', () => {
  const shown = view({}, { lastFulfilledAt: now - 3_000, latencyMs: 21.4 });
  expect(shown).toMatch(/Last baked +2026-11-23T06:14:57\.000Z \(3 s ago\)\n +Takes +21 ms on average\n/);
});

test('one that refuses us, and how it comes back', () => {
  const shown = view({ state: 'out_of_service', cause: 'invalid authentication', changedAt: now });
  expect(shown).toMatch(/Condition +out of service: it refuses us.*`factory auto`/);
  expect(shown).toMatch(/Why +invalid authentication/);
});

test("an operator's word: who, when, why, and what would be without it", () => {
  const forced = { to: 'open' as const, by: 'ann', at: now - 120_000, why: 'ovens are cleaned' };
  const shown = view({ forced, state: 'out_of_service', cause: 'invalid authentication', changedAt: 1 });
  expect(shown).toBe(`primary
  Condition  forced open: is sent none, until somebody runs \`factory auto\`
  Since      2026-11-23T06:13:00.000Z (2 min ago)
  Forced by  ann
  Why        ovens are cleaned
  Otherwise  out of service: it refuses us, until its settings change or somebody runs \`factory auto\`
  Because    invalid authentication
`);
});

test('what the workers would do next is not promised while an operator has the word', () => {
  const forced = { to: 'open' as const, by: 'ann', at: now, why: 'ovens are cleaned' };
  const shown = view({ forced, state: 'open', changedAt: now - 1, openUntil: now + 5_000, probesLeft: 2 });
  expect(shown).toMatch(/Otherwise +open/);
  expect(shown).not.toMatch(/one order is tried|baked probes/);
});

test('what a factory said cannot give orders to the terminal', () => {
  const shown = view({ state: 'open', cause: 'no\u001b[2J' });
  expect(shown).toContain('no [2J');
});
