import { Readable } from 'node:stream';
import { parseOrProblem } from '@proofbox/contract';
import {
  auditExportQuery,
  auditQuery,
  queryOf,
  type AuditPage,
  type RawQuery,
} from '@proofbox/contract/admin';
import type { AuditLog } from '@proofbox/ledger/operations';
import type { FastifyInstance } from 'fastify';
import { auditLines, contentTypeOf } from './audit-lines.ts';

/** `/api/audit`: who did what, page by page, or all of it as a file. */
export function auditRoute(scope: FastifyInstance, { audit }: { audit: AuditLog }): void {
  scope.get('/api/audit', { config: { needs: 'viewer' } }, async (request): Promise<AuditPage> => {
    const query = queryOf(request.query as RawQuery, ['action']);
    const { limit, cursor, ...filter } = parseOrProblem(auditQuery, query, 'The query');
    return audit.page({ filter, limit, ...(cursor !== undefined && { cursor }) });
  });

  scope.get('/api/audit/export', { config: { needs: 'admin' } }, async (request, reply) => {
    const query = queryOf(request.query as RawQuery, ['action']);
    const { format, ...filter } = parseOrProblem(auditExportQuery, query, 'The query');
    const lines = auditLines(audit.all(filter), format);
    // The first line before the first byte: a Redis that is away is still a 503 then.
    const first = await lines.next();
    const name = `proofbox-audit-${new Date().toISOString().slice(0, 10)}.${format}`;
    return reply
      .type(contentTypeOf[format])
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .send(Readable.from(startingWith(first, lines)));
  });
}

async function* startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
