import { expect, test } from 'vitest';
import { InterimReplyFilter } from './interim-replies.ts';

const final = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
const interim = {
  continue: 'HTTP/1.1 100 Continue\r\n\r\n',
  processing: 'HTTP/1.1 102 Processing\r\nx: y\r\n\r\n',
  hints: 'HTTP/1.0 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n',
};

/** Takes the text in pieces of so many bytes. */
function taken(filter: InterimReplyFilter, text: string, size = text.length): string {
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
    text.slice(n * size, (n + 1) * size),
  );
  return pieces.map((piece) => filter.take(Buffer.from(piece, 'latin1')).toString('latin1')).join('');
}

test.for<[string, string]>([
  ['none', ''],
  ['a 100', interim.continue],
  ['several', interim.continue + interim.continue + interim.processing + interim.hints],
])('after %s the reply is what is left, however it comes in pieces', ([, before]) => {
  for (const size of [1, 2, 7, 12, 13, 1_000]) {
    expect(taken(new InterimReplyFilter(), before + final, size)).toBe(final);
  }
});

test('a reply whose body looks like an interim reply is not touched', () => {
  expect(taken(new InterimReplyFilter(), final + interim.continue, 5)).toBe(final + interim.continue);
});

test('on a connection that is used again, interim replies may come before each reply', () => {
  const filter = new InterimReplyFilter();
  expect(taken(filter, interim.continue + final, 9)).toBe(final);
  filter.awaitReply();
  expect(taken(filter, interim.hints + final, 9)).toBe(final);
});

test.for(['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'HTTP/1.1 1', 'hello, is this HTTP?'])(
  '%j is left to the parser',
  (text) => {
    const filter = new InterimReplyFilter();
    expect(taken(filter, text) + taken(filter, ' and more')).toBe(`${text} and more`);
  },
);

test.for([interim.continue, 'HTTP/1.1 103 \r\nx'])(
  'interim replies without end (%j) are too many',
  (text) => {
    const filter = new InterimReplyFilter();
    const answers = Array.from({ length: 20_000 }, () => filter.take(Buffer.from(text)));
    expect(answers).toContain('too many');
  },
);
