import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply } from 'fastify';

type Directives = Record<string, string[]>;

const none = ["'none'"];
const self = ["'self'"];

/** What is no page may load nothing and stand in no frame. */
const forReplies: Directives = { defaultSrc: none, baseUri: none, formAction: none, frameAncestors: none };

/** The console: nothing but what it brings with it. Its styles, as its component library makes them, carry a nonce. */
export function consolePolicy(nonce: string): Directives {
  return {
    ...forReplies,
    scriptSrc: self,
    styleSrc: [...self, `'nonce-${nonce}'`],
    imgSrc: [...self, 'data:'],
    fontSrc: self,
    connectSrc: self,
    manifestSrc: self,
    formAction: self,
  };
}

/** Headers that keep a browser from doing what we never meant; each page adds what it may load. */
export async function addSecureHeaders(server: FastifyInstance): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: policy(forReplies),
    strictTransportSecurity: { includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
  });
}

export function allow(reply: FastifyReply, directives: Directives): void {
  reply.helmet({ contentSecurityPolicy: policy(directives) });
}

function policy(directives: Directives) {
  return { useDefaults: false, directives };
}
