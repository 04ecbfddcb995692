import { z } from 'zod';
import { auditFilter } from '../admin/audit-entry.ts';
import { largestPage, orderFilter } from '../admin/order-filter.ts';
import { auditExportQuery } from '../admin/queries.ts';
import type { Role } from '../admin/session.ts';
import type { SchemaName } from './admin-schemas.ts';
import { inputOf, pathParameter } from './openapi-parts.ts';

/** One operation of the admin API. */
export type Operation = {
  id: string;
  tag: string;
  /** `nobody`: without signing in, too. */
  role: Role | 'nobody';
  summary: string;
  description?: string;
  parameters?: object[];
  body?: SchemaName;
  reply: { status?: number; description: string; name?: SchemaName; content?: object };
  problems: number[];
};

/** What can be asked of the admin API: by path and method. In a function, so that a page that wants none of it has none. */
export function adminOperations(): Record<string, Record<string, Operation>> {
  const orderId = pathParameter('id', "The order's id");
  const taskId = pathParameter('id', "The task's id");
  const orderParameters = filterParameters(orderFilter, {
    state: 'Any of these states, with commas',
    reason: 'Any of these reasons, with commas',
    factory: 'The factory that its last attempt went to',
    diner: "The diner's whole id, as it is unmasked",
    store: "The store's id",
    text: "A part of what its last attempt's error says",
    from: 'Its time, at the earliest; the time when it came to rest where `state` or `reason` ask for such orders only, else when it was accepted',
    to: 'Its time, up to and without',
  });

  const auditParameters = filterParameters(auditFilter, {
    by: 'Who did it',
    action: 'Any of these, with commas',
    subject: "An order's id, `factory:<name>`, `bulk:<id>`, `queue` or `session`",
    from: 'At the earliest',
    to: 'Up to and without',
  });

  const pageParameters = [
    query('limit', 'The largest page', { type: 'integer', minimum: 1, maximum: largestPage, default: 50 }),
    query('cursor', 'The `nextCursor` of the page before, of the same search', { type: 'string' }),
  ];

  return {
    '/api/session': {
      post: {
        id: 'signIn',
        tag: 'session',
        role: 'nobody',
        summary: 'Sign in with a browser',
        description: 'Sets the cookie of a session.',
        body: 'SignIn',
        reply: { description: 'Signed in', name: 'Session' },
        problems: [400, 401, 403, 415],
      },
      get: {
        id: 'whoAmI',
        tag: 'session',
        role: 'viewer',
        summary: 'Who is signed in',
        reply: { description: 'You are', name: 'Session' },
        problems: [],
      },
      delete: {
        id: 'signOut',
        tag: 'session',
        role: 'nobody',
        summary: 'Sign out',
        reply: { status: 204, description: 'Signed out, or nobody was signed in' },
        problems: [403],
      },
    },
    '/api/orders': {
      get: {
        id: 'findOrders',
        tag: 'orders',
        role: 'viewer',
        summary: 'Find orders',
        description: 'All conditions must hold. A page may be short, or empty, while `nextCursor` is there.',
        parameters: [
          ...orderParameters,
          query('sort', 'By their time', { enum: ['newest', 'oldest'], default: 'newest' }),
          ...pageParameters,
        ],
        reply: { description: 'A page of orders', name: 'OrderPage' },
        problems: [400],
      },
    },
    '/api/orders/{id}': {
      get: {
        id: 'showOrder',
        tag: 'orders',
        role: 'viewer',
        summary: 'The story of one order',
        description: 'The diner is masked, and of the order the known fields are shown.',
        parameters: [orderId],
        reply: { description: 'The order', name: 'OrderDetail' },
        problems: [400, 404],
      },
    },
    '/api/orders/{id}/reveal': {
      post: {
        id: 'revealOrder',
        tag: 'orders',
        role: 'operator',
        summary: 'The story of one order, unmasked',
        description: 'Written to the audit log with its reason.',
        parameters: [orderId],
        body: 'Reveal',
        reply: { description: 'The order', name: 'OrderDetail' },
        problems: [400, 404, 415],
      },
    },
    '/api/orders/{id}/replay': {
      post: {
        id: 'replayOrder',
        tag: 'orders',
        role: 'operator',
        summary: 'Give a dead or held order a fresh start',
        description:
          'With a new deadline. With `order` it is edited first; `asOf` guards against an edit of somebody else. Replaying twice is harmless.',
        parameters: [orderId],
        body: 'Replay',
        reply: { description: 'What became of it', name: 'ChangeResult' },
        problems: [400, 404, 409, 413, 415],
      },
    },
    '/api/orders/{id}/discard': {
      post: {
        id: 'discardOrder',
        tag: 'orders',
        role: 'operator',
        summary: 'Give up on an order that is not fulfilled, for good',
        description:
          'Also on one that waits or is being baked right now. What comes of an attempt under way is written down; a receipt that comes then is counted as a late one.',
        parameters: [orderId],
        body: 'Discard',
        reply: { description: 'What became of it', name: 'ChangeResult' },
        problems: [400, 404, 415],
      },
    },
    '/api/bulk/preview': {
      post: {
        id: 'previewBulkTask',
        tag: 'bulk',
        role: 'viewer',
        summary: 'What a bulk task would do',
        body: 'BulkPreviewIn',
        reply: { description: 'How many orders, and a few of them', name: 'BulkPreview' },
        problems: [400, 413, 415],
      },
    },
    '/api/bulk': {
      post: {
        id: 'startBulkTask',
        tag: 'bulk',
        role: 'operator',
        summary: 'Replay or discard many orders, at a rate',
        body: 'BulkIn',
        reply: { status: 201, description: 'It has begun', name: 'BulkTask' },
        problems: [400, 409, 413, 415],
      },
      get: {
        id: 'listBulkTasks',
        tag: 'bulk',
        role: 'viewer',
        summary: 'Bulk tasks, newest first',
        reply: { description: 'Those that are open, and those that ended lately', name: 'BulkTasks' },
        problems: [],
      },
    },
    '/api/bulk/{id}': {
      get: {
        id: 'showBulkTask',
        tag: 'bulk',
        role: 'viewer',
        summary: 'One bulk task',
        parameters: [taskId],
        reply: { description: 'How far it is', name: 'BulkTask' },
        problems: [400, 404],
      },
    },
    '/api/bulk/{id}/pause': { post: change('pause', 'Pause a bulk task') },
    '/api/bulk/{id}/resume': { post: change('resume', 'Let a paused bulk task go on') },
    '/api/bulk/{id}/abort': { post: change('abort', 'End a bulk task before its time') },
    '/api/factories': {
      get: {
        id: 'listFactories',
        tag: 'factories',
        role: 'viewer',
        summary: 'The factories, as the whole fleet treats them',
        reply: { description: 'Each factory there can be', name: 'Factories' },
        problems: [],
      },
    },
    '/api/factories/{name}/switch': {
      post: {
        id: 'switchFactory',
        tag: 'factories',
        role: 'operator',
        summary: 'Overrule what the workers find, or let them judge again',
        parameters: [pathParameter('name', '`primary` or `fallback`')],
        body: 'FactorySwitch',
        reply: { description: 'The factory as it is now', name: 'Factory' },
        problems: [400, 404, 415],
      },
    },
    '/api/queue': {
      get: {
        id: 'showQueue',
        tag: 'queue',
        role: 'viewer',
        summary: 'Whether the workers take orders',
        reply: { description: 'The switch', name: 'QueuePause' },
        problems: [],
      },
      post: {
        id: 'pauseQueue',
        tag: 'queue',
        role: 'operator',
        summary: 'Have the workers rest, or go on',
        description: 'Orders are accepted all the same.',
        body: 'QueuePauseIn',
        reply: { description: 'The switch as it is now', name: 'QueuePause' },
        problems: [400, 415],
      },
    },
    '/api/overview': {
      get: {
        id: 'showOverview',
        tag: 'overview',
        role: 'viewer',
        summary: 'How everything is',
        reply: { description: 'At most a second old', name: 'Overview' },
        problems: [],
      },
    },
    '/api/history': {
      get: {
        id: 'showHistory',
        tag: 'overview',
        role: 'viewer',
        summary: 'How everything was',
        parameters: [
          query('hours', 'How far back', { type: 'integer', minimum: 1, maximum: 48, default: 6 }),
        ],
        reply: { description: 'Samples, oldest first', name: 'History' },
        problems: [400],
      },
    },
    '/api/events': {
      get: {
        id: 'followEvents',
        tag: 'overview',
        role: 'viewer',
        summary: 'How everything is, as it changes',
        description:
          'Server-sent events: `overview` (as GET /api/overview) each second, `away` while Redis does not answer, `bulk` with each task that changed.',
        reply: {
          description: 'Events, until you close',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
        problems: [],
      },
    },
    '/api/audit': {
      get: {
        id: 'readAudit',
        tag: 'audit',
        role: 'viewer',
        summary: 'Who did what, newest first',
        parameters: [...auditParameters, ...pageParameters],
        reply: { description: 'A page of entries', name: 'AuditPage' },
        problems: [400],
      },
    },
    '/api/audit/export': {
      get: {
        id: 'exportAudit',
        tag: 'audit',
        role: 'admin',
        summary: 'The audit log as a file, oldest first',
        parameters: [
          ...auditParameters,
          query('format', 'One JSON value a line, or CSV', inputOf(auditExportQuery.shape.format)),
        ],
        reply: {
          description: 'All entries that match',
          content: {
            'application/x-ndjson': { schema: { type: 'string' } },
            'text/csv': { schema: { type: 'string' } },
          },
        },
        problems: [400],
      },
    },
  };
}

function change(verb: 'pause' | 'resume' | 'abort', summary: string): Operation {
  return {
    id: `${verb}BulkTask`,
    tag: 'bulk',
    role: 'operator',
    summary,
    parameters: [pathParameter('id', "The task's id")],
    reply: { description: 'The task as it is now', name: 'BulkTask' },
    problems: [400, 404, 409, 415],
  };
}

function query(name: string, description: string, schema: object): object {
  const isList = 'type' in schema && schema.type === 'array';
  return {
    name,
    in: 'query',
    required: false,
    description,
    schema,
    ...(isList && { style: 'form', explode: false }),
  };
}

/** A parameter for each field of a filter. */
function filterParameters(filter: z.ZodObject, words: Record<string, string>): object[] {
  const { properties = {} } = z.toJSONSchema(filter, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) =>
    query(name, words[name] ?? name, schema as object),
  );
}
