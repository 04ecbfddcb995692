import type { ServerResponse } from 'node:http';
import { wellFormedJson } from '@proofbox/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';

export type EventStream = {
  /** Sends an event with `data` as JSON. Nothing happens once the stream has ended. */
  send(event: string, data: unknown): void;
  /** Aborts when the stream has ended, for whatever reason. */
  readonly ended: AbortSignal;
  end(): void;
};

export type EventStreams = {
  /** Answers a request with a stream of server-sent events, and leaves the reply to it. */
  open(reply: FastifyReply, options: EventStreamOptions): EventStream;
  readonly size: number;
};

type EventStreamOptions = {
  /** Asked at each heartbeat; the stream ends once the answer is no. A question that fails is asked again at the next. */
  stillAllowed: () => boolean | Promise<boolean>;
};

export type EventStreamLimits = {
  heartbeatMs?: number;
  /** A reader that is so far behind is dropped. */
  mostBehindBytes?: number;
  /** After that a reader that has not taken the end of the stream is dropped. */
  endWithinMs?: number;
};

/** A browser that has lost its stream comes back after so long. */
const retryMs = 2_000;

/**
 * Server-sent events for one server. A reader that does not read is dropped before it costs memory, and all streams end
 * when the server closes, so that it need not wait for them.
 */
export function createEventStreams(
  server: FastifyInstance,
  { heartbeatMs = 15_000, mostBehindBytes = 256 * 1_024, endWithinMs = 500 }: EventStreamLimits = {},
): EventStreams {
  const streams = new Set<EventStream>();
  let isClosing = false;
  server.addHook('preClose', async () => {
    isClosing = true;
    for (const stream of streams) stream.end();
  });

  return {
    get size() {
      return streams.size;
    },
    open(reply, { stillAllowed }) {
      const response = begin(reply);
      const ending = new AbortController();
      const heartbeat = setInterval(() => void beat(), heartbeatMs);

      function write(text: string): void {
        if (ending.signal.aborted) return;
        response.write(text);
        if (response.writableLength > mostBehindBytes) response.destroy();
      }

      async function beat(): Promise<void> {
        write(': still here\n\n');
        if (!(await isAllowed(stillAllowed))) stream.end();
      }

      const stream: EventStream = {
        ended: ending.signal,
        send(event, data) {
          // JSON has no line breaks of its own.
          write(`event: ${event}\ndata: ${wellFormedJson(data)}\n\n`);
        },
        end() {
          if (ending.signal.aborted) return;
          over();
          response.end();
          setTimeout(() => response.destroy(), endWithinMs).unref();
        },
      };

      function over(): void {
        clearInterval(heartbeat);
        streams.delete(stream);
        ending.abort();
      }

      streams.add(stream);
      response.on('close', over);
      // A reader that is gone is no trouble of ours.
      response.on('error', over);
      write(`retry: ${retryMs}\n\n`);
      if (isClosing || response.destroyed || reply.request.method === 'HEAD') stream.end();
      return stream;
    },
  };
}

/** What others have put into the reply's headers goes with it. */
function begin(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string | string[]>),
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // A proxy that collects a reply before it passes it on would pass on nothing.
    'X-Accel-Buffering': 'no',
  });
  return response;
}

async function isAllowed(stillAllowed: EventStreamOptions['stillAllowed']): Promise<boolean> {
  try {
    return await stillAllowed();
  } catch {
    return true;
  }
}
