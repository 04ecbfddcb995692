import { z } from 'zod';
import { getPage } from '../client/get-page.ts';
import { parseJson } from '../parse-json.ts';
import { publicKey, type PublicKey } from './public-key.ts';

/** Ten thousand keys of 4096 bits. Real sets have fewer than ten. */
const maxReplyBytes = 8 * 1024 * 1024;

const keySet = z.object({ keys: z.array(z.unknown()) });

/**
 * The keys that a factory publishes for signatures (RFC 7517); what is no such key is left out.
 * @throws Error when they cannot be had: no answer, no key set, or none in it that we could use
 */
export async function fetchKeys(factoryUrl: string, timeoutMs: number): Promise<PublicKey[]> {
  const page = await getPage(`${factoryUrl}/.well-known/jwks.json`, { timeoutMs, maxReplyBytes });
  if (!page.replied) throw new Error(`no answer (${page.code})`);
  if (page.status !== 200) throw new Error(`status ${page.status}`);
  const trouble = page.unreadable ?? page.cutOff;
  if (trouble !== undefined) throw new Error(trouble);
  const parsed = keySet.safeParse(parseJson(page.body));
  if (!parsed.success) throw new Error('not a key set');
  const keys = parsed.data.keys.map((each) => publicKey.safeParse(each)).filter(({ success }) => success);
  if (keys.length === 0) throw new Error('no key in it that we could use');
  return keys.map(({ data }) => data!);
}
