import { z } from 'zod';
import { atMost } from '../text/at-most.ts';

/** What people can do, as the audit log names it. */
export const auditActions = [
  'replay',
  'edit',
  'discard',
  'reveal',
  'force_open',
  'force_closed',
  'auto',
  'pause_queue',
  'resume_queue',
  'bulk_start',
  'bulk_pause',
  'bulk_resume',
  'bulk_abort',
  'bulk_end',
  'sign_in',
  'sign_out',
  'acknowledge_loss',
  /** An entry of another release that cannot be read as it should; its `result` says what stands there. */
  'unknown',
] as const;
export const auditAction = z.enum(auditActions);
export type AuditAction = z.infer<typeof auditAction>;

/** One entry of the audit log. Entries are added and never changed. */
export const auditEntry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  action: auditAction,
  /** An order's id, `factory:<name>`, `bulk:<id>`, `queue`, `session` or `dataset`. */
  subject: z.string(),
  why: z.string(),
  /** What came of it, as text; absent where it is the action itself. */
  result: z.string().optional(),
  /** The bulk task that it was a part of. */
  task: z.string().optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditFilter = z.strictObject({
  by: atMost(z.string().min(1), 200).optional().describe('Who did it'),
  action: z.array(auditAction).min(1).optional().describe('Any of these'),
  subject: atMost(z.string().min(1), 200)
    .optional()
    .describe("An order's id, `factory:<name>`, `bulk:<id>`, `queue` or `session`"),
  from: z.iso.datetime({ offset: true }).optional().describe('At the earliest'),
  to: z.iso.datetime({ offset: true }).optional().describe('Entries before this time'),
});
export type AuditFilter = z.infer<typeof auditFilter>;

/** Newest first. Like a page of orders it may be short of what was asked for while `nextCursor` is there. */
export const auditPage = z.object({ entries: z.array(auditEntry), nextCursor: z.string().optional() });
export type AuditPage = z.infer<typeof auditPage>;
