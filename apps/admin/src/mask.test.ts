import { expect, test } from 'vitest';
import { maskEmail, maskName } from './mask.ts';

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
