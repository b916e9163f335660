import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { Route, Router, Switch } from 'wouter';
import { HealthPage } from './health/health-page.tsx';
import { IncidentPage } from './incidents/incident-page.tsx';
import { IncidentsPage } from './incidents/incidents-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { useHashPath, useHashSearch } from './shell/hash-location.ts';
import { Loading } from './shell/notice.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Sidebar } from './shell/sidebar.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useRecovery } from './shell/use-recovery.ts';
import { useStatus } from './shell/use-status.ts';

const QueryPage = lazy(async () => ({ default: (await import('./query/query-page.tsx')).QueryPage }));
const WorkbookPage = lazy(async () => ({ default: (await import('./workbook/workbook-page.tsx')).WorkbookPage }));

const hashOf = (href: string): string => `#${href}`;

/** Puts the reader at the heading of a page that has just come, as a page of its own would. */
function useFocusOnPage(path: string) {
  const main = useRef<HTMLElement>(null);
  const last = useRef(path);
  useEffect(() => {
    if (last.current === path) return;
    last.current = path;
    window.scrollTo(0, 0);
    const heading = main.current?.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    (heading ?? main.current)?.focus();
  }, [path]);
  return main;
}

function Shell({ children }: { readonly children: ReactNode }) {
  const [path] = useHashPath();
  const { status, error } = useStatus();
  useRecovery(error);
  const main = useFocusOnPage(path);
  const incidentCount = Object.values(status?.rules.incidents ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <div className="shell">
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Sidebar path={path} incidentCount={incidentCount} />
      <TopBar status={status} error={error} />
      <main className="main" ref={main} tabIndex={-1}>
        <ErrorBoundary what={path}>
          {/* A key, so that the page before does not stay hidden in its place, where focus would be lost. */}
          <Suspense key={path} fallback={<Loading />}>
            {children}
          </Suspense>
        </ErrorBoundary>
      </main>
    </div>
  );
}

/** The console: its frame, and a page by the address behind the `#`. */
export function App() {
  return (
    <Router hook={useHashPath} searchHook={useHashSearch} hrefs={hashOf}>
      <Shell>
        <Switch>
          <Route path="/" component={OverviewPage} />
          <Route path="/incidents" component={IncidentsPage} />
          <Route path="/incidents/:id">{({ id }) => <IncidentPage key={id} id={id} />}</Route>
          <Route path="/workbooks/:file">{({ file }) => <WorkbookPage key={file} file={file} />}</Route>
          <Route path="/query" component={QueryPage} />
          <Route path="/health" component={HealthPage} />
          <Route component={NotFound} />
        </Switch>
      </Shell>
    </Router>
  );
}
