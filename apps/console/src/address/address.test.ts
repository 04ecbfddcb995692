import { orderFilter } from '@proofbox/contract/admin';
import { expect, test } from 'vitest';
import { readAuditAddress, writeAuditAddress } from './audit-address.ts';
import { isDeadLetters, readOrderListAddress, writeOrderListAddress } from './order-filter-address.ts';

const read = (address: string) => readOrderListAddress(new URL(address, 'http://console').searchParams);

test('the plain address lists what is dead and held, the newest first', () => {
  const address = read('/dead-letters');
  expect(address).toEqual({ filter: { state: ['held', 'dead'] }, sort: 'newest' });
  expect(writeOrderListAddress(address)).toBe('/dead-letters');
  expect(isDeadLetters({ state: ['dead', 'held'] })).toBe(true);
});

test('an address says the whole list, so that a link shows the same to somebody else', () => {
  const address = {
    filter: {
      state: ['held' as const],
      reason: ['rejected' as const, 'expired' as const],
      factory: 'fallback' as const,
      diner: '7, the one & only',
      store: 'a/b?c=d',
      text: 'HTTP 500 "chaos" äöü %',
      from: '2026-11-22T00:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
    },
    sort: 'oldest' as const,
    cursor: 'WyJ0M25GTHRXZmljIl0=',
  };
  expect(read(writeOrderListAddress(address))).toEqual(address);
});

test('what makes no sense in an address is left out, and the rest is a filter that the server takes', () => {
  const { filter, sort } = read(
    '/dead-letters?state=lost&reason=rejected,tired&factory=third&text=%20%20&from=yesterday&sort=random&other=1',
  );
  expect(filter).toEqual({ state: ['held', 'dead'], reason: ['rejected'] });
  expect(sort).toBe('newest');
  expect(orderFilter.safeParse(filter).success).toBe(true);
});

test('a part of the audit log has an address, too', () => {
  const address = {
    filter: { by: 'ada', action: ['replay' as const, 'edit' as const], subject: 'factory:primary' },
    cursor: 'abc',
  };
  const written = writeAuditAddress(address);
  expect(readAuditAddress(new URL(written, 'http://console').searchParams)).toEqual(address);
  expect(writeAuditAddress({ filter: {} })).toBe('/audit');
});
