import { expect, test } from 'vitest';
import { maskEmail, maskId, maskName } from './mask.ts';

test.each([
  ['pizza diner', 'p••• d•••'],
  ['  Ada   King Noel ', 'A••• K••• N•••'],
  ['常用名字', '常•••'],
  ['🍕 lover', '🍕••• l•••'],
  ['x', 'x•••'],
  ['', ''],
])('the name %j is shown as %j', (name, shown) => {
  expect(maskName(name)).toBe(shown);
});

test.each([
  ['d@jwt.com', 'd•••@j•••'],
  ['"a@b"@jwt.com', '"•••@j•••'],
  ['no address', 'n••• a•••'],
  ['@jwt.com', '•••@j•••'],
])('the e-mail %j is shown as %j', (email, shown) => {
  expect(maskEmail(email)).toBe(shown);
});

test.each([
  ['2', '2'],
  ['123456789', '123456789'],
  ['6f1f4b0e-3c1d-4f0a-9b7e-2f6a1c9d8e7f', '6f1f4b0e-3c1d-4f0a-9b7e-2f6a1c9d8e7f'],
  ['d@jwt.com', 'd•••@j•••'],
  ['kai.chen', 'k•••'],
  ['Kai Chen', 'K••• C•••'],
  ['15550100200', '1•••'],
  ['+1555010', '+•••'],
])('the id %j is shown as %j', (id, shown) => {
  expect(maskId(id)).toBe(shown);
});
