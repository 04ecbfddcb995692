import type { FactoryView } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { factoriesView, factoryView } from './factory-view.ts';
import { createPaint } from '../../terminal/terminal.ts';

const now = Date.parse('2026-11-23T06:15:00.000Z');
const options = { paint: createPaint({ hasColours: false }), now };
const at = (ms: number): string => new Date(ms).toISOString();

const trusted: FactoryView = { factory: 'primary', condition: 'closed', isKnown: true };

function view(changes: Partial<FactoryView>): string {
  return factoryView({ ...trusted, ...changes }, options);
}

test('a factory of which nobody has said anything is trusted, and both names are shown', () => {
  const shown = (['primary', 'fallback'] as const).map((factory) => ({
    ...trusted,
    factory,
    isKnown: false,
  }));
  expect(factoriesView(shown, options)).toBe(`primary
  Condition  closed: takes orders (nothing known yet: trusted)

fallback
  Condition  closed: takes orders (nothing known yet: trusted)
`);
});

test('an open one: since when, why, until when, and what happens then', () => {
  const open = {
    condition: 'open' as const,
    cause: '3 orders in a row, the last: chaos monkey',
    since: at(now - 3_000),
  };
  expect(view({ ...open, until: at(now + 17_000) })).toBe(`primary
  Condition  open: gets no orders for now
  Since      2026-11-23T06:14:57.000Z (3 s ago)
  Why        3 orders in a row, the last: chaos monkey
  Until      2026-11-23T06:15:17.000Z (in 17 s), then one order is tried
`);
  const probe = { orderId: 'pb-1', worker: 'host:7', until: at(now + 1_000) };
  const halfOpen = view({ ...open, condition: 'half_open', probe });
  expect(halfOpen).toMatch(/Condition +half-open: one order is tried/);
  expect(halfOpen).toMatch(/Trying +order pb-1, by host:7/);
  expect(halfOpen).not.toContain('Until');
});

test('one that is tried carefully, and asks for patience', () => {
  const shown = view({ permits: 4, throttledUntil: at(now + 30_000) });
  expect(shown).toMatch(/Condition +closed: takes orders\n/);
  expect(shown).toMatch(/At a time +4 orders, growing\n/);
  expect(shown).toMatch(
    /Throttled +it asked the workers to wait until 2026-11-23T06:15:30\.000Z \(in 30 s\)/,
  );
  expect(view({})).not.toContain('Throttled');
});

test('when it last baked, and how long that takes it', () => {
  const shown = view({ lastFulfilledAt: at(now - 3_000), latencyMs: 21.4 });
  expect(shown).toMatch(/Last baked +2026-11-23T06:14:57\.000Z \(3 s ago\)\n +Takes +21 ms on average\n/);
});

test('one that refuses us, and how it comes back', () => {
  const shown = view({ condition: 'out_of_service', cause: 'invalid authentication' });
  expect(shown).toMatch(/Condition +out of service: it refuses us; one order is tried now and then/);
  expect(shown).toMatch(/Why +invalid authentication/);
});

test("an operator's word: who, when, why, and what would be without it", () => {
  const forced = { to: 'open' as const, by: 'ann', at: at(now - 120_000), why: 'ovens are cleaned' };
  const shown = view({
    condition: 'forced_open',
    since: forced.at,
    forced,
    unforced: 'out_of_service',
    cause: 'invalid authentication',
  });
  expect(shown).toBe(`primary
  Condition  forced open: gets no orders until an operator runs \`factory auto\`
  Since      2026-11-23T06:13:00.000Z (2 min ago)
  Forced by  ann
  Why        ovens are cleaned
  Otherwise  out of service: it refuses us; one order is tried now and then
  Because    invalid authentication
`);
});

test('what the workers would do next is not promised while an operator has the word', () => {
  const forced = { to: 'open' as const, by: 'ann', at: at(now), why: 'ovens are cleaned' };
  const shown = view({ condition: 'forced_open', forced, unforced: 'open', until: at(now + 5_000) });
  expect(shown).toMatch(/Otherwise +open/);
  expect(shown).not.toMatch(/one order is tried/);
});

test('what a factory said cannot give orders to the terminal', () => {
  const shown = view({ condition: 'open', cause: 'no\u001b[2J' });
  expect(shown).toContain('no [2J');
});
