import { expect, test } from 'vitest';
import { readPreference, type Preference } from './prefer.ts';

const usual: Preference = { waitMs: 4_000 };
const atOnce: Preference = { waitMs: 0, applied: 'respond-async' };
const seconds = (count: number): Preference => ({ waitMs: count * 1_000, applied: `wait=${count}` });
const both = (count: number): Preference => ({ ...seconds(count), applied: `respond-async, wait=${count}` });

const headers: [string | string[] | undefined, Preference][] = [
  [undefined, usual],
  ['', usual],
  ['respond-async', atOnce],
  ['Respond-Async', atOnce],
  ['respond-async;q=1', atOnce],
  ['respond-async; foo="a,b"', atOnce],
  ['wait=0', seconds(0)],
  ['wait=3', seconds(3)],
  ['WAIT = 3', seconds(3)],
  ['wait="3"', seconds(3)],
  ['wait=3; foo=bar', seconds(3)],
  ['wait=10', seconds(10)],
  ['wait=11', seconds(10)],
  ['wait=99999999999999999999', seconds(10)],
  ['wait=3, wait=5', seconds(3)],
  ['respond-async, wait=3', both(3)],
  ['wait=3,respond-async', both(3)],
  [['respond-async', 'wait=3'], both(3)],
  ['handling=lenient, wait=3', seconds(3)],
  ['wait', usual],
  ['wait=', usual],
  ['wait=-1', usual],
  ['wait=1.5', usual],
  ['wait=soon', usual],
  ['wait=soon, respond-async', atOnce],
  ['await=3', usual],
  ['wait-long=3', usual],
  ['foo="wait=3"', usual],
  ['foo="a, wait=3"', usual],
  ['foo="a\\", wait=3"', usual],
  ['foo; wait=3', usual],
  ['foo="never closed, wait=3', usual],
  ['wait="3', seconds(3)],
  ['foo="ends with a backslash\\', usual],
  ['wait=3; "a, b"; c, respond-async', both(3)],
  [',,;,', usual],
];

test.for(headers)('Prefer: %s', ([header, expected]) => {
  expect(readPreference(header, 4_000)).toEqual(expected);
});
