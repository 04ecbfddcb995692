import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { expect, test } from 'vitest';
import { decodeContent, type Decoded } from './content-encoding.ts';

const plain = Buffer.from('{"jwt":"a.b.c"}');
const maxBytes = 10_000;

function decode(bytes: Buffer, encodings: string | string[] | undefined): Decoded {
  return decodeContent(bytes, { encodings, maxBytes });
}

test.for<[string | string[] | undefined, Buffer]>([
  [undefined, plain],
  ['', plain],
  ['identity', plain],
  ['gzip', gzipSync(plain)],
  ['GZIP', gzipSync(plain)],
  ['x-gzip', gzipSync(plain)],
  ['deflate', deflateSync(plain)],
  ['deflate', deflateRawSync(plain)],
  ['Br', brotliCompressSync(plain)],
  ['zstd', zstdCompressSync(plain)],
  ['identity, gzip', gzipSync(plain)],
  ['deflate, gzip', gzipSync(deflateSync(plain))],
  [['gzip', 'br'], brotliCompressSync(gzipSync(plain))],
  ['br, zstd , gzip,deflate', deflateSync(gzipSync(zstdCompressSync(brotliCompressSync(plain))))],
])('a reply with Content-Encoding %o is unpacked', ([encodings, bytes]) => {
  expect(decode(bytes, encodings)).toEqual({ bytes: plain });
});

test.for(['gzip', 'deflate', 'br', 'zstd', 'gzip, br', 'compress', 'something'])(
  'a reply that says %s and is plain text is taken as it is',
  (encodings) => {
    expect(decode(plain, encodings)).toEqual({ bytes: plain });
  },
);

test.for<[string, Buffer, string]>([
  ['compress', gzipSync(plain), 'the reply is in an encoding that is not known (compress)'],
  ['gzip, rot13', gzipSync(plain), 'the reply is in an encoding that is not known (rot13)'],
  ['"d@jwt.com"', gzipSync(plain), 'the reply is in an encoding that is not known (no name of an encoding)'],
  ['br', gzipSync(plain), 'the reply is not what its encoding says (br)'],
  ['gzip', gzipSync(plain).subarray(0, 20), 'the reply is not what its encoding says (gzip)'],
  ['gzip,gzip,gzip,gzip,gzip', plain, 'the reply is encoded too many times'],
])('a reply that says %s and cannot be read says why', ([encodings, bytes, unreadable]) => {
  expect(decode(bytes, encodings)).toEqual({ unreadable });
});

const bomb = Buffer.alloc(20_000_000);
test.for<[string, Buffer]>([
  ['gzip', gzipSync(bomb)],
  ['deflate', deflateSync(bomb)],
  ['deflate', deflateRawSync(bomb)],
  ['br', brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ['zstd', zstdCompressSync(bomb)],
  ['gzip, gzip', gzipSync(gzipSync(bomb))],
])('20 MB packed with %s are not unpacked', ([encodings, bytes]) => {
  const before = process.memoryUsage().arrayBuffers;
  const decoded = decodeContent(bytes, { encodings, maxBytes: 256 * 1024 });
  expect('bytes' in decoded ? decoded.bytes.length : decoded.unreadable).toBe('the reply is too large');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
});
