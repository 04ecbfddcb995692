import type { AuditAction } from '@proofbox/contract/admin';

/** What people do, as the audit log names it. */
export const auditLabel: Record<AuditAction, string> = {
  replay: 'Replayed',
  edit: 'Edited',
  discard: 'Discarded',
  reveal: 'Revealed the diner',
  force_open: 'Switched off',
  force_closed: 'Kept on',
  auto: 'Set to automatic',
  pause_queue: 'Paused delivery',
  resume_queue: 'Resumed delivery',
  bulk_start: 'Started a bulk task',
  bulk_pause: 'Paused a bulk task',
  bulk_resume: 'Resumed a bulk task',
  bulk_abort: 'Stopped a bulk task',
  bulk_end: 'Bulk task ended',
  sign_in: 'Signed in',
  sign_out: 'Signed out',
  acknowledge_loss: 'Acknowledged a loss',
  unknown: 'Something else',
};

/** What an entry is about, as text, and where that can be seen. */
export function subjectOf(subject: string): { label: string; href?: string } {
  if (subject === 'session') return { label: 'Session' };
  if (subject === 'dataset') return { label: 'Redis' };
  if (subject === 'queue') return { label: 'Delivery', href: '/' };
  if (subject.startsWith('factory:')) return { label: `${subject.slice(8)} factory`, href: '/factories' };
  if (subject.startsWith('bulk:'))
    return { label: `task ${subject.slice(5)}`, href: taskLink(subject.slice(5)) };
  return { label: subject, href: orderLink(subject) };
}

export function orderLink(id: string): string {
  return `/orders/${encodeURIComponent(id)}`;
}

export function taskLink(id: string): string {
  return `/tasks?task=${encodeURIComponent(id)}`;
}
