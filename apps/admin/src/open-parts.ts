import { connectFailingFast, createOrderEditor, createOrderQueue, type OpenLedger } from '@proofbox/ledger';
import {
  createAuditLog,
  createBulkTasks,
  createOrderSearch,
  createSessionStore,
} from '@proofbox/ledger/operations';
import type { Logger, Registry } from '@proofbox/runtime';
import type { ApiParts } from './admin-api.ts';
import { createBulkEvents } from './bulk/bulk-events.ts';
import { watchBulkTasks } from './bulk/bulk-updates.ts';
import { startBulkRunner } from './bulk/bulk-runner.ts';
import { createCredentials } from './auth/credentials.ts';
import { createAuthenticator } from './auth/authenticator.ts';
import type { Events } from './auth/events.ts';
import { createFailedTries } from './auth/failed-tries.ts';
import { createOverview } from './overview/overview.ts';
import { createSessions } from './auth/sessions.ts';
import type { AdminSettings } from './settings.ts';
import { secretOfConsole } from './auth/shop-token.ts';

/** What is open already; what is opened here is closed with it. */
export type Opened = {
  shop: OpenLedger;
  settings: AdminSettings;
  events: Events;
  logger: Logger;
  metrics: Registry;
  onError: (error: Error) => void;
  opened: AsyncDisposableStack;
};

/** Everything that the routes work with. `canLetIn` is false where no token at all lets anybody in. */
export function openParts(base: Opened): Omit<ApiParts, 'streams'> & { canLetIn: boolean } {
  const { shop, settings, events, logger, metrics, onError, opened } = base;
  const { redis, names, ledger, queue, breakers, queuePause } = shop;
  const { now } = shop.clock;
  const deadlineMs = settings.ORDER_DEADLINE_MS;
  const search = createOrderSearch({ redis, names });
  const overview = createOverview({ redis, names, ledger, breakers, queuePause, onError, now });
  const tasks = createBulkTasks({ redis, names, ledger, search });
  const bulkEvents = createBulkEvents({ logger, metrics, tasks });
  const bulkUpdates = opened.use(watchBulkTasks({ tasks, onError }));
  opened.use(openBulkRunner());

  const { canLetIn, authenticator, sessions } = openAuthenticator();
  return {
    canLetIn,
    authenticator,
    sessions,
    events,
    redis,
    names,
    now,
    ledger,
    queue,
    search,
    breakers,
    queuePause,
    overview,
    tasks,
    bulkUpdates,
    deadlineMs,
    editor: createOrderEditor({ redis, names }),
    audit: createAuditLog({ redis, names }),
  };

  /** On a connection of its own: thousands of orders a second must not stand before a person's request. */
  function openBulkRunner(): AsyncDisposable {
    const own = connectFailingFast({ url: settings.REDIS_URL, onError });
    opened.defer(() => own.disconnect());
    const ownQueue = opened.use(createOrderQueue({ redis: own, names, onError }));
    const shared = { names, tasks, search, deadlineMs, onError };
    return startBulkRunner({ ...shared, redis: own, queue: ownQueue, events: bulkEvents });
  }

  function openAuthenticator() {
    const credentials = createCredentials({
      tokens: settings.ADMIN_TOKENS,
      jwtSecret: secretOfConsole(settings.AUTH_JWT_SECRET),
    });
    const store = createSessionStore({ redis, names });
    const lastMs = settings.ADMIN_SESSION_HOURS * 3_600_000;
    const openSessions = createSessions({ store, credentials, lastMs });
    return {
      canLetIn: credentials.canLetIn,
      sessions: openSessions,
      authenticator: createAuthenticator({
        credentials,
        sessions: openSessions,
        failedTries: createFailedTries(),
        events,
      }),
    };
  }
}
