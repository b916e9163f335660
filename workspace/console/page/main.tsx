import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api-client.ts';
import { App } from './app.tsx';
import { applyTheme } from './shell/theme.ts';
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet for the bundle: it has no exports
import './style.css';

applyTheme();

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Only a server that could not be reached, or is full, is worth another try.
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
      // The server is on this machine: it answers without a network, too.
      networkMode: 'always',
      refetchOnWindowFocus: false,
      staleTime: 30_000,
    },
  },
});

const place = document.querySelector('#root');
if (place !== null)
  createRoot(place).render(
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>,
  );
