import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { NotFoundPage } from './pages/not-found-page.tsx';
import { pageFile } from './parts/page-file.ts';
import { PageSkeleton } from './parts/page-skeleton.tsx';

// Each page is a file of its own and is fetched when it is first opened.
const NowPage = pageFile(async () => (await import('./pages/now-page.tsx')).NowPage);
const DeadLettersPage = pageFile(async () => (await import('./pages/dead-letters-page.tsx')).DeadLettersPage);
const OrderPage = pageFile(async () => (await import('./pages/order-page.tsx')).OrderPage);
const TasksPage = pageFile(async () => (await import('./pages/tasks-page.tsx')).TasksPage);
const FactoriesPage = pageFile(async () => (await import('./pages/factories-page.tsx')).FactoriesPage);
const AuditPage = pageFile(async () => (await import('./pages/audit-page.tsx')).AuditPage);

export function Routes() {
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Switch>
        <Route path="/" component={NowPage} />
        <Route path="/dead-letters" component={DeadLettersPage} />
        <Route path="/orders/:id">{({ id }) => <OrderPage key={id} id={id} />}</Route>
        <Route path="/tasks" component={TasksPage} />
        <Route path="/factories" component={FactoriesPage} />
        <Route path="/audit" component={AuditPage} />
        <Route component={NotFoundPage} />
      </Switch>
    </Suspense>
  );
}
