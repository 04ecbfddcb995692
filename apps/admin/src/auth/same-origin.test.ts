import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import { isFromElsewhere, isSameOrigin } from './same-origin.ts';

const host = 'admin.example:4001';

test.each<[IncomingHttpHeaders, { same: boolean; elsewhere: boolean }]>([
  [{ 'sec-fetch-site': 'same-origin' }, { same: true, elsewhere: false }],
  [{ 'sec-fetch-site': 'same-site' }, { same: false, elsewhere: true }],
  [{ 'sec-fetch-site': 'cross-site' }, { same: false, elsewhere: true }],
  [{ 'sec-fetch-site': 'none' }, { same: false, elsewhere: true }],
  [
    { 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
    { same: false, elsewhere: true },
  ],
  [{ origin: `http://${host}` }, { same: true, elsewhere: false }],
  [{ origin: `https://${host}` }, { same: true, elsewhere: false }],
  [{ origin: 'http://admin.example' }, { same: false, elsewhere: true }],
  [{ origin: `http://${host}.evil.example` }, { same: false, elsewhere: true }],
  [{ origin: 'null' }, { same: false, elsewhere: true }],
  [{ origin: '' }, { same: false, elsewhere: true }],
  // No browser, or a very old one: not good for a cookie, and no sign of another site.
  [{}, { same: false, elsewhere: false }],
])('%j', (headers, { same, elsewhere }) => {
  expect([isSameOrigin({ headers, host }), isFromElsewhere({ headers, host })]).toEqual([same, elsewhere]);
});
