import { AxiosHeaders, create, type AxiosAdapter } from 'axios';
import type { Dispatcher } from 'undici';
import { textOf } from './charset.ts';
import { decodeContent } from './content-encoding.ts';
import { firstOf, type Delivery, type Reply } from './delivery.ts';
import { exchange, ExchangeError, tooLarge, type WireReply, type WireRequest } from './exchange.ts';

export type SendOptions = Omit<WireRequest, 'signal'> & {
  /** From now to the last byte of the reply. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
};

const http = create({
  // A body that nobody packs needs no unpacking. What is packed all the same is unpacked.
  headers: { 'Accept-Encoding': 'identity' },
  validateStatus: () => true,
  // Bodies stay as they are: axios drops fields with names it is wary of.
  transformRequest: (body: string) => body,
  transformResponse: (reply: WireReply) => reply,
});

/** One call. Resolves whatever happens, at the latest after `timeoutMs`; every part of the reply is bounded. */
export async function send(
  dispatcher: Dispatcher,
  { method, path, headers, body, ...options }: SendOptions,
): Promise<Delivery> {
  try {
    const adapter = overDispatcher(dispatcher, options);
    const { data } = await http.request<WireReply>({ method, url: path, headers, data: body, adapter });
    return readReply(data, options.maxReplyBytes);
  } catch (error) {
    if (error instanceof ExchangeError) return { replied: false, sent: error.sent, code: error.code };
    throw error;
  }
}

/** The signal does not go through axios: it would turn an abort into an error that has forgotten what was sent. */
function overDispatcher(
  dispatcher: Dispatcher,
  { timeoutMs, signal, ...limits }: Pick<SendOptions, 'timeoutMs' | 'signal' | 'maxReplyBytes' | 'reset'>,
): AxiosAdapter {
  return async (config) => {
    const deadline = AbortSignal.timeout(Math.ceil(timeoutMs));
    const reply = await exchange(dispatcher, {
      ...limits,
      method: config.method!.toUpperCase(),
      path: config.url!,
      headers: Object.fromEntries(
        Object.entries(config.headers.toJSON()).map(([name, value]) => [name, String(value)]),
      ),
      body: config.data as string,
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    return { data: reply, status: reply.status, statusText: '', headers: new AxiosHeaders(), config };
  };
}

function readReply({ status, headers, bytes, cutOff }: WireReply, maxBytes: number): Reply {
  const reply = { replied: true as const, status, headers };
  if (cutOff === tooLarge) return { ...reply, body: '', unreadable: 'the reply is too large' };
  const decoded = decodeContent(bytes, { encodings: headers['content-encoding'], maxBytes });
  return {
    ...reply,
    ...('bytes' in decoded
      ? { body: textOf(decoded.bytes, firstOf(headers['content-type'])) }
      : { body: '', unreadable: decoded.unreadable }),
    ...(cutOff !== undefined && { cutOff }),
  };
}
