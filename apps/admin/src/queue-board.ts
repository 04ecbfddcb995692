import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { ProblemError } from '@proofbox/contract';
import { isRedisTrouble, type OrderQueue } from '@proofbox/ledger';
import type { Logger } from '@proofbox/runtime';
import type { FastifyInstance } from 'fastify';
import { redisDoesNotAnswer } from './http/refusals.ts';
import { allow, boardPolicy } from './http/secure-headers.ts';

const prefix = '/queues';

/** bull-board, to look into the raw queue with, and for nothing else: orders are changed by way of the ledger only. */
export async function queueBoard(
  scope: FastifyInstance,
  { queue, logger }: { queue: OrderQueue; logger: Logger },
): Promise<void> {
  const adapter = new FastifyAdapter();
  const shown = new BullMQAdapter(queue.forBoard() as ConstructorParameters<typeof BullMQAdapter>[0], {
    readOnlyMode: true,
    allowRetries: false,
    description: 'What the workers are to do now. The ledger is the truth.',
  });
  createBullBoard({
    queues: [shown],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Proofbox queue', hideRedisDetails: true } },
  });
  // What bull-board would tell of an error has its stack in it.
  adapter.setErrorHandler((error) => {
    const problem = problemOf(error, logger);
    return { status: problem.status as 500, body: problem.toProblem() };
  });
  adapter.setBasePath(prefix);

  scope.addHook('onRequest', async (request, reply) => {
    allow(reply, boardPolicy);
    void reply.header('Cache-Control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD') throw readOnly();
  });
  // Its fonts would come from elsewhere; the page does without.
  scope.addHook('onSend', async (_request, _reply, payload) =>
    typeof payload === 'string' ? payload.replaceAll(/<link href="https?:[^>]*>/g, '') : payload,
  );
  await scope.register(adapter.registerPlugin(), { prefix });
}

function readOnly(): ProblemError {
  return new ProblemError({
    status: 405,
    title: 'Method Not Allowed',
    detail: 'The queue is shown and cannot be changed here: replay or discard orders instead.',
    headers: { Allow: 'GET, HEAD' },
  });
}

function problemOf(error: unknown, logger: Logger): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isRedisTrouble(error)) return redisDoesNotAnswer();
  logger.error({ err: error }, 'the queue could not be shown');
  return new ProblemError({
    status: 500,
    title: 'Internal Server Error',
    detail: 'The queue could not be shown: something went wrong on our side.',
  });
}
