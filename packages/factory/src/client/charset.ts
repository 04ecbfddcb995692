import { isUtf8 } from 'node:buffer';

/**
 * The text of a body that should be JSON, or a page. JSON is UTF-8; a factory that writes something else is understood
 * where its bytes or its `Content-Type` say what. Always well-formed, without a byte order mark.
 */
export function textOf(bytes: Buffer, contentType: string | undefined): string {
  return decoderFor(bytes, contentType).decode(bytes);
}

function decoderFor(bytes: Buffer, contentType: string | undefined): TextDecoder {
  // JSON begins with two ASCII characters, so that a zero, or a mark, distinguishes UTF-16 from all else.
  const [first, second] = bytes;
  if (first === 0 || (first === 0xfe && second === 0xff)) return new TextDecoder('utf-16be');
  if (second === 0 || (first === 0xff && second === 0xfe)) return new TextDecoder('utf-16le');
  const charset = isUtf8(bytes)
    ? undefined
    : /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1];
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
