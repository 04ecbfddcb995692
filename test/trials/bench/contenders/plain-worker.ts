import { createServer } from 'node:http';
import axios from 'axios';
import { Worker } from 'bullmq';
import { given } from './environment.ts';

/** What Proofbox is compared with: a worker as a user of BullMQ writes it from the documentation, with axios. */
const url = `${given('FACTORY_URL')}/api/order`;
const headers = { Authorization: `Bearer ${given('FACTORY_KEY')}` };
const worker = new Worker<object>(
  'orders',
  async (job) => (await axios.post<object>(url, job.data, { headers })).data,
  {
    connection: { host: '127.0.0.1', port: Number(given('REDIS_PORT')) },
    concurrency: Number(given('CONCURRENCY')),
  },
);
await worker.waitUntilReady();
createServer((_request, reply) => reply.end('ready')).listen(Number(given('PORT')), '127.0.0.1');
