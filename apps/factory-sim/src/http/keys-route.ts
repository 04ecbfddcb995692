import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { FaultSwitch } from '../faults/fault-switch.ts';
import type { ReceiptSigner } from '../receipts/receipt-signer.ts';

/** The page of the factory's keys, or what stands there instead. */
export function addKeysRoute(
  server: FastifyInstance,
  { signer, faults }: { signer: Pick<ReceiptSigner, 'jwks'>; faults: Pick<FaultSwitch, 'keysTrouble'> },
): void {
  server.get('/.well-known/jwks.json', async (_request, reply) => {
    switch (faults.keysTrouble()) {
      case undefined:
        return signer.jwks;
      case 'error':
        return reply.code(503).send({ message: 'the keys are away' });
      case 'hang':
        return reply.hijack();
      case 'endless':
        return reply.type('application/json').send(Readable.from(blanks()));
      case 'empty':
        return { keys: [] };
      case 'html':
        return reply.type('text/html').send('<html><body>Under maintenance</body></html>');
    }
  });
}

function* blanks(): Generator<string> {
  for (;;) yield ' '.repeat(65_536);
}
