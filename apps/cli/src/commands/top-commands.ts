import type { Command } from 'commander';
import type { Session } from '../session/session.ts';

/** A command of `proofbox`. `load` gives what makes it whole: its description, options, commands and action. */
export type TopCommand = {
  name: string;
  summary: string;
  load: () => Promise<(command: Command, session: Session) => void>;
};

/** All commands, in the order in which the help shows them. Each is loaded only where it is asked for. */
export const topCommands: { heading: string; commands: TopCommand[] }[] = [
  {
    heading: 'Orders:',
    commands: [
      {
        name: 'dead',
        summary: 'orders that need an operator: list, show, replay, edit, discard',
        load: async () => (await import('./orders/dead-commands.ts')).defineDead,
      },
      {
        name: 'orders',
        summary: 'any order: list, show, reveal',
        load: async () => (await import('./orders/orders-commands.ts')).defineOrders,
      },
      {
        name: 'bulk',
        summary: 'bulk tasks: list, show, watch, pause, resume, abort',
        load: async () => (await import('./bulk/bulk-commands.ts')).defineBulk,
      },
    ],
  },
  {
    heading: 'The whole shop:',
    commands: [
      {
        name: 'stats',
        summary: 'orders by state, the workers, and what needs an operator',
        load: async () => (await import('./shop/stats.ts')).defineStats,
      },
      {
        name: 'factory',
        summary: 'the factories: list, off, keep-on, auto',
        load: async () => (await import('./shop/factory-commands.ts')).defineFactory,
      },
      {
        name: 'queue',
        summary: 'whether workers take orders: status, pause, resume',
        load: async () => (await import('./shop/queue.ts')).defineQueue,
      },
      {
        name: 'audit',
        summary: 'the audit log, who did what and why: list, export',
        load: async () => (await import('./audit/audit-commands.ts')).defineAudit,
      },
    ],
  },
  {
    heading: 'You:',
    commands: [
      {
        name: 'whoami',
        summary: 'whose token this is, and what it may do',
        load: async () => (await import('./account/whoami.ts')).defineWhoami,
      },
      {
        name: 'token',
        summary: 'tokens for people and scripts: new',
        load: async () => (await import('./account/token-new.ts')).defineToken,
      },
      {
        name: 'completion',
        summary: 'a script that makes your shell complete commands',
        load: async () => (await import('../completion/completion.ts')).defineCompletion,
      },
    ],
  },
  {
    heading: 'On the host, with REDIS_URL and OUTBOX_DIR:',
    commands: [
      {
        name: 'reconcile',
        summary: 'check the whole ledger; --mend repairs it',
        load: async () => (await import('./host/reconcile.ts')).defineReconcile,
      },
      {
        name: 'outbox',
        summary: 'orders on the disk of an ingest: show, flush, export',
        load: async () => (await import('./host/outbox-commands.ts')).defineOutbox,
      },
    ],
  },
];
