import { expect, test } from 'vitest';
import { ReplyHeads } from './reply-head.ts';

const final = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
const interim = {
  continue: 'HTTP/1.1 100 Continue\r\n\r\n',
  processing: 'HTTP/1.1 102 Processing\r\nx: y\r\n\r\n',
  hints: 'HTTP/1.0 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n',
};

/** Takes the text in pieces of so many bytes. */
function taken(heads: ReplyHeads, text: string, size = text.length): string {
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
    text.slice(n * size, (n + 1) * size),
  );
  return pieces.map((piece) => heads.take(Buffer.from(piece, 'latin1')).toString('latin1')).join('');
}

test.for<[string, string]>([
  ['none', ''],
  ['a 100', interim.continue],
  ['several', interim.continue + interim.continue + interim.processing + interim.hints],
])('after %s interim replies the reply is what is left, however it comes in pieces', ([, before]) => {
  for (const size of [1, 2, 7, 12, 13, 1_000]) {
    expect(taken(new ReplyHeads(), before + final, size)).toBe(final);
  }
});

test('a reply whose body looks like a reply is not touched', () => {
  const text = `${final}${interim.continue}HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n`;
  expect(taken(new ReplyHeads(), text, 5)).toBe(text);
});

test('on a connection that is used again, interim replies may come before each reply', () => {
  const heads = new ReplyHeads();
  expect(taken(heads, interim.continue + final, 9)).toBe(final);
  heads.awaitReply();
  expect(taken(heads, interim.hints + final, 9)).toBe(final);
});

test.for<[string, string]>([
  ['content-length: 2\r\ncontent-length: 2', 'content-length: 2'],
  ['Content-Length: 2, 2', 'content-length: 2'],
  ['content-length: 2\r\nx: y\r\nCONTENT-LENGTH:2', 'x: y\r\ncontent-length: 2'],
  ['content-length: 2\r\ntransfer-encoding: chunked', 'transfer-encoding: chunked'],
  [
    'Transfer-Encoding: Chunked\r\ncontent-length: 3\r\ncontent-length: 2',
    'Transfer-Encoding: Chunked\r\ncontent-length: 3\r\ncontent-length: 2',
  ],
  ['content-length: 2\r\ncontent-length: 3', 'content-length: 2\r\ncontent-length: 3'],
  ['transfer-encoding: identity\r\ncontent-length: 2', 'transfer-encoding: identity\r\ncontent-length: 2'],
  ['x-content-length: 2\r\nx-content-length: 2', 'x-content-length: 2\r\nx-content-length: 2'],
  ['x: \xe4\xff', 'x: \xe4\xff'],
  ['content-length: 2\nx: y', 'content-length: 2\r\nx: y'],
  ['x: y\r\n  and\r\n\tmore\r\ncontent-length: 2', 'x: y and more\r\ncontent-length: 2'],
  ['content-length : 2\r\nx \t: y : z', 'content-length: 2\r\nx: y : z'],
])('headers %j are read as %j', ([headers, read]) => {
  expect(taken(new ReplyHeads(), `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n{}`, 3)).toBe(
    `HTTP/1.1 200 OK\r\n${read}\r\n\r\n{}`,
  );
});

test('lines that end with a line feed only are lines', () => {
  const text = 'HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\ncontent-length: 2\n\n{}\n';
  for (const size of [1, 4, 100]) expect(taken(new ReplyHeads(), text, size)).toBe(`${final}\n`);
});

test.for(['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'HTTP/2 200', '\r\n\r\nHTTP/1.1 200', 'hello'])(
  '%j is left to the parser',
  (text) => {
    const heads = new ReplyHeads();
    expect(taken(heads, text) + taken(heads, ' and more')).toBe(`${text} and more`);
  },
);

test.for([interim.continue, 'HTTP/1.1 103 \r\nx', 'HTTP/1.1 200 OK \r\nx'])(
  'a head without end (%j) is too large',
  (text) => {
    const heads = new ReplyHeads();
    const answers = Array.from({ length: 20_000 }, () => heads.take(Buffer.from(text)));
    expect(answers).toContain('too large');
  },
);
