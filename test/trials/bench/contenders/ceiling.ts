import { createHttpServer, createLogger, createMetrics, listen } from '@proofbox/runtime';
import { given } from './environment.ts';

/** The most that ingest's HTTP server could do: it reads an order, stores nothing, and answers 202. */
const server = createHttpServer({
  logger: createLogger({ service: 'ceiling', level: 'warn' }),
  metrics: createMetrics(),
  ready: async () => ({ reasons: [] }),
});
server.post(
  '/api/order',
  {
    config: {
      operationId: 'placeOrder',
      summary: 'Answers at once',
      security: [],
      replies: { 202: ['Nothing was stored'] },
    },
  },
  async ({ body }, reply) => reply.code(202).send({ order: body, jwt: 'none', status: 'queued' }),
);
await listen(server, { HOST: '127.0.0.1', PORT: Number(given('PORT')) });
