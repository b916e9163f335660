import { useState } from 'react';
import { downloadCsv } from '../api-client.ts';

/** Saves the answer of a query as CSV. */
export function CsvButton({ query }: { readonly query: string }) {
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState('');
  const save = async (): Promise<void> => {
    setRunning(true);
    setFailure('');
    try {
      await downloadCsv(query, `query-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setRunning(false);
    }
  };
  return (
    <>
      <button type="button" disabled={isRunning} onClick={() => void save()}>
        Download CSV
      </button>
      {failure === '' ? undefined : (
        <span className="state-bad" role="alert">
          {failure}
        </span>
      )}
    </>
  );
}
