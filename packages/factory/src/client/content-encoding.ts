import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';

export type Decoded = { bytes: Buffer } | { unreadable: string };

type Decode = (bytes: Buffer, options: { maxOutputLength: number }) => Buffer;

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', (bytes, options) => (isZlib(bytes) ? inflateSync : inflateRawSync)(bytes, options)],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
]);

/** One on top of another: more than anybody needs. */
const mostEncodings = 4;

/**
 * The body of a reply as it was before `Content-Encoding` (RFC 9110, 8.4), at no step larger than `maxBytes`. A factory
 * is asked for none, but what stands before it may encode all the same. Where the header lies and the body is plain text,
 * that is taken.
 */
export function decodeContent(
  bytes: Buffer,
  { encodings, maxBytes }: { encodings: string | string[] | undefined; maxBytes: number },
): Decoded {
  const names = namesIn(encodings);
  if (names.length > mostEncodings) return { unreadable: 'the reply is encoded too many times' };
  let decoded = bytes;
  for (const name of names.toReversed()) {
    try {
      const decode = decoders.get(name);
      if (!decode) return plainOr(decoded, `the reply is in an encoding that is not known (${shown(name)})`);
      decoded = decode(decoded, { maxOutputLength: maxBytes });
    } catch (error) {
      if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return { unreadable: 'the reply is too large' };
      return plainOr(decoded, `the reply is not what its encoding says (${name})`);
    }
  }
  return { bytes: decoded };
}

function namesIn(encodings: string | string[] | undefined): string[] {
  return [encodings ?? '']
    .flat()
    .join(',')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
}

function plainOr(bytes: Buffer, unreadable: string): Decoded {
  return isUtf8(bytes) ? { bytes } : { unreadable };
}

/** RFC 9110 says zlib, but some send raw deflate. */
function isZlib(bytes: Buffer): boolean {
  return bytes.length >= 2 && (bytes[0]! & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

/** The name comes from outside. */
function shown(name: string): string {
  return /^[\w.+-]{1,30}$/.test(name) ? name : 'no name of an encoding';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
