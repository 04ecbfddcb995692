import { Readable } from 'node:stream';
import { auditExportQuery, auditPage, auditQuery, type AuditPage } from '@proofbox/contract/admin';
import type { AuditLog } from '@proofbox/ledger/operations';
import type { ZodServer } from '@proofbox/runtime';
import { auditLines, contentTypeOf } from './audit-lines.ts';

/** `/api/audit`: who did what, page by page, or all of it as a file. */
export function auditRoute(scope: ZodServer, { audit }: { audit: AuditLog }): void {
  scope.get(
    '/api/audit',
    {
      schema: { querystring: auditQuery },
      config: {
        role: 'viewer',
        operationId: 'readAudit',
        summary: 'Who did what, newest first',
        replies: { 200: ['A page of entries', auditPage] },
      },
    },
    async ({ query }): Promise<AuditPage> => {
      const { limit, cursor, ...filter } = query;
      return audit.page({ filter, limit, ...(cursor !== undefined && { cursor }) });
    },
  );

  scope.get(
    '/api/audit/export',
    {
      schema: { querystring: auditExportQuery },
      config: {
        role: 'admin',
        operationId: 'exportAudit',
        summary: 'The audit log as a file, oldest first',
        replies: { 200: ['All entries that match', 'application/x-ndjson', 'text/csv'] },
      },
    },
    async ({ query }, reply) => {
      const { format, ...filter } = query;
      const lines = auditLines(audit.all(filter), format);
      // The first line before the first byte: a Redis that is away is still a 503 then.
      const first = await lines.next();
      const name = `proofbox-audit-${new Date().toISOString().slice(0, 10)}.${format}`;
      return reply
        .type(contentTypeOf[format])
        .header('Content-Disposition', `attachment; filename="${name}"`)
        .send(Readable.from(startingWith(first, lines)));
    },
  );
}

async function* startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
