import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readEdit, readOrder, readOrderFile, withSettings } from './edited-order.ts';
import { orderChanges } from './order-changes.ts';

const before = {
  id: 'pb-1',
  franchiseId: 1,
  storeId: '7',
  items: [{ menuId: 1, description: 'Veggie', price: 0.004 }],
};

test.each<[string, string[]]>([
  ['storeId=8', ['storeId: "7" -> "8"']],
  ['franchiseId=2', ['franchiseId: 1 -> 2']],
  ['items.0.price=0.5', ['items.0.price: 0.004 -> 0.5']],
  ['items.0.description=a=b', ['items.0.description: "Veggie" -> "a=b"']],
  ['note="1e2"', ['note: nothing -> "1e2"']],
  ['note=5.0', ['note: nothing -> 5']],
  ['constructor=x', ['constructor: nothing -> "x"']],
  ['note=no onions', ['note: nothing -> "no onions"']],
  ['storeId=7', []],
])('--set %s changes %j', (text, changes) => {
  const order = withSettings(before, [readEdit(text)]);
  expect(orderChanges(before, order)).toEqual(changes);
});

test.each([
  ['items.0.price=cheap', 'items.0.price: expected a number'],
  ['items.5.price=1', 'no field items.5.price'],
  ['items=[]', 'expected 1 to 20 items'],
  ['items.4000000000=1', 'no field items.4000000000'],
  ['items.length=4000000000', 'no field items.length'],
  ['constructor.prototype.x=1', 'no field constructor.prototype.x'],
  ['items.0.price=1e22', 'items.0.price: expected a price of at most 100000000'],
  ['items.0.price=1e400', 'items.0.price cannot be set to this: the number 1e400 '],
  ['franchiseId=9007199254740993', 'franchiseId cannot be set to this: the number 9007199254740993 '],
  ['note={"a":-0}', 'note cannot be set to this: a: the number -0 '],
  ['note={"a":1,"a":2}', 'note cannot be set to this: a: this name stands twice'],
  ['note="\\ud800"', 'note cannot be set to this: half a character'],
])('--set %s is refused: %s', (text, words) => {
  expect(() => withSettings(before, [readEdit(text)])).toThrow(words);
});

test.each(['storeId', '=7', 'a b=1', '__proto__.x=1', 'items.=1'])('"%s" is no edit', (text) => {
  expect(() => readEdit(text)).toThrow('such as items.0.price=0.004');
});

test('every fault of an order is told, with its place', () => {
  expect(readOrder('{"franchiseId":1,"items":[{"menuId":1}]}').problems).toHaveLength(3);
  expect(readOrder('{"franchiseId":1').problems[0]).toContain('not JSON');
  expect(readOrder(JSON.stringify(before).replace('0.004', '1e400')).problems).toEqual([
    expect.stringMatching(/^items\.0\.price: the number 1e400 cannot be carried exactly/),
  ]);
  expect(readOrder(Buffer.from('{"note":"Süd"}', 'latin1')).problems[0]).toContain(
    'not valid for encoding utf-8',
  );
  expect(readOrder('[]').problems).toEqual(['expected an object with franchiseId, storeId and items']);
});

test('a file is looked for where npm was called, and its faults are told', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'proofbox-order-'));
  try {
    const session = { environment: { INIT_CWD: folder } };
    writeFileSync(path.join(folder, 'good.json'), JSON.stringify(before));
    writeFileSync(path.join(folder, 'bad.json'), '{}');
    expect(readOrderFile(session, 'good.json')).toEqual(before);
    expect(() => readOrderFile(session, 'bad.json')).toThrow(
      'bad.json has no order: franchiseId: expected an id',
    );
    expect(() => readOrderFile(session, 'none.json')).toThrow('none.json cannot be read (ENOENT)');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
