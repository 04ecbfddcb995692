import { Queue, QueueEvents } from 'bullmq';
import { fastify } from 'fastify';
import { given } from './environment.ts';

/**
 * What Proofbox is compared with: an ingest as a user of BullMQ writes it from the documentation. `POST /api/order` adds a
 * job and answers 202; `POST /api/order/wait` waits for what the worker returned, as `job.waitUntilFinished` does it: that
 * fails for a job that is removed before it is asked for, so some are kept.
 */
const connection = { host: '127.0.0.1', port: Number(given('REDIS_PORT')) };
const queue = new Queue('orders', { connection, defaultJobOptions: { removeOnComplete: { count: 10_000 } } });
const events = new QueueEvents('orders', { connection });
await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);

const server = fastify();
server.get('/readyz', async () => 'ready');
server.post('/api/order', async (request, reply) => {
  const job = await queue.add('order', request.body);
  return reply.code(202).send({ id: job.id });
});
server.post('/api/order/wait', async (request) => {
  const job = await queue.add('order', request.body);
  return job.waitUntilFinished(events, 30_000);
});
await server.listen({ host: '127.0.0.1', port: Number(given('PORT')) });
