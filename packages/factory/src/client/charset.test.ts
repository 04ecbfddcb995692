import { expect, test } from 'vitest';
import { textOf } from './charset.ts';

const text = '{"jwt":"a.b.c","message":"Käse €"}';
const utf16le = Buffer.from(text, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();

function withMark(mark: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(mark, 'hex'), bytes]);
}

test.for<[string, Buffer, string | undefined, string]>([
  ['UTF-8', Buffer.from(text), undefined, text],
  ['UTF-8 with a byte order mark', withMark('efbbbf', Buffer.from(text)), undefined, text],
  ['UTF-8 that is said to be latin1', Buffer.from(text), 'application/json; charset=ISO-8859-1', text],
  ['UTF-16 as Intel writes it, with a mark', withMark('fffe', utf16le), undefined, text],
  ['UTF-16 as Intel writes it, without', utf16le, 'application/json;charset=utf-16', text],
  ['UTF-16 in network order, with a mark', withMark('feff', utf16be), undefined, text],
  ['UTF-16 in network order, without', utf16be, 'application/json', text],
  ['latin1', Buffer.from('Käse', 'latin1'), 'text/plain; charset="iso-8859-1"', 'Käse'],
  ['latin1 that does not say so', Buffer.from('Käse', 'latin1'), undefined, 'K�se'],
  ['a charset that nobody knows', Buffer.from('Käse', 'latin1'), 'text/plain; charset=klingon', 'K�se'],
  ['half of a surrogate pair', Buffer.from('7b003dd8', 'hex'), undefined, '{�'],
  ['nothing', Buffer.alloc(0), undefined, ''],
  ['one byte', Buffer.from('7'), undefined, '7'],
])('a reply in %s is read', ([, bytes, contentType, expected]) => {
  expect(textOf(bytes, contentType)).toBe(expected);
});
