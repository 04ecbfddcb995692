import type { FastifyInstance } from 'fastify';
import type { FaultSwitch } from '../faults/fault-switch.ts';
import type { Vendors } from './vendors.ts';

/** The `reportUrl` that chaos hands out: a plain GET on it ends the chaos. */
export function addReportRoute(
  server: FastifyInstance,
  { vendors, faults }: { vendors: Vendors; faults: FaultSwitch },
): void {
  server.get<{ Params: { apiKey: string; fixCode: string } }>(
    '/api/support/:apiKey/report/:fixCode',
    async (request, reply) => {
      const { apiKey, fixCode } = request.params;
      switch (vendors.has(apiKey) ? faults.endChaos(fixCode) : 'no_chaos') {
        case 'ended':
          return { message: 'Problem resolved. Pizza is back on the menu!' };
        case 'wrong_code':
          return reply.code(400).send({ message: 'Problem unresolved' });
        case 'no_chaos':
          return { message: 'No chaos currently executing' };
      }
    },
  );
}
