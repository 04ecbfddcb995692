const at = '2026-11-23T14:00:00.000Z';
const later = '2026-11-23T14:00:02.000Z';
const id = 'pb-7m2k9c4x8q1r5t3v6w0y2z4a';
const why = 'the factory is mended';

const item = { menuId: 1, description: 'Veggie', price: 0.0038 };
const order = { franchiseId: 1, storeId: '1', items: [item] };

const lastAttempt = {
  n: 1,
  factory: 'primary',
  worker: 'worker-1',
  startedAt: at,
  endedAt: later,
  durationMs: 2_000,
  outcome: 'rejected',
  status: 400,
  detail: 'Missing required parameters',
};

const row = {
  id,
  state: 'dead',
  reason: 'rejected',
  diner: { id: '2', name: 'p••• d•••', email: 'd•••@j•••', isMasked: true },
  franchiseId: 1,
  storeId: '1',
  items: 1,
  total: 0.0038,
  acceptedAt: at,
  settledAt: later,
  attempts: 1,
  lastAttempt,
  replays: 0,
};

const task = {
  id: 'b-1',
  action: 'replay',
  target: { filter: { reason: ['expired'] } },
  rate: 50,
  why,
  by: 'alice',
  state: 'running',
  createdAt: at,
  expected: 1_200,
  isExpectedExact: true,
  moved: 300,
  unchanged: 0,
  missing: 0,
  ratePerSecond: 50,
};

const factory = {
  factory: 'primary',
  condition: 'open',
  isKnown: true,
  since: at,
  cause: '3 orders in a row failed',
  until: later,
};

const queuePause = { isPaused: false };

/** How each body of the admin API looks, by the name of its schema. */
export const examples: Record<string, unknown> = {
  SignInIn: { token: 'pbx_…' },
  SessionView: { name: 'alice', role: 'operator', expiresAt: later },
  OrderPage: { orders: [row], sortedBy: 'settledAt', examined: 1, remaining: 0 },
  OrderDetail: {
    ...row,
    source: 'frontend',
    updatedAt: later,
    deadlineAt: '2026-11-24T14:00:00.000Z',
    hasReceipt: false,
    countedFailures: 0,
    order: { ...order, id },
    attemptHistory: [lastAttempt],
    edits: [],
    audit: [],
    nextStep: { advice: 'Edit what is wrong and replay it.', actions: ['edit', 'replay', 'discard'] },
  },
  RevealIn: { why: 'the diner called' },
  ReplayIn: { why, order },
  DiscardIn: { why: 'the diner was refunded' },
  ChangeResult: { id, result: 'replayed', state: 'queued' },
  BulkPreviewIn: { target: { filter: { reason: ['expired'] } } },
  BulkPreview: { count: 1_200, isExact: true, byReason: { expired: 1_200 }, sample: [row] },
  BulkIn: { action: 'replay', target: { filter: { reason: ['expired'] } }, rate: 50, why },
  BulkTask: task,
  BulkTasks: { tasks: [task] },
  FactoryViews: { factories: [factory] },
  FactorySwitchIn: { to: 'open', why: 'its ovens are cleaned until 14:00' },
  FactoryView: factory,
  QueuePauseIn: { isPaused: true, why: 'the fallback is being moved' },
  QueuePauseView: queuePause,
  Overview: {
    at,
    counts: { queued: 12, baking: 3, fulfilled: 98_000, held: 1, dead: 4, discarded: 2 },
    accepted: 98_022,
    acceptedPerSecond: 4.2,
    fulfilledPerSecond: 4.1,
    backlog: 15,
    oldestPendingAt: at,
    workers: 2,
    factories: [factory],
    queuePause,
    warnings: [],
  },
  History: {
    intervalMs: 10_000,
    samples: [
      {
        at,
        accepted: 98_000,
        fulfilled: 97_980,
        dead: 4,
        held: 1,
        backlog: 15,
        factories: { primary: 'closed' },
      },
    ],
  },
  AuditPage: {
    entries: [{ id: '1763906400000-0', at, by: 'alice', action: 'replay', subject: id, why }],
  },
  Problem: {
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
    detail: 'This needs the role operator; you are viewer.',
    message: 'This needs the role operator; you are viewer.',
  },
};
