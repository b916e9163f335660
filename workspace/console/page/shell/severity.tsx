import type { Severity } from '../../api.ts';

// A shape of its own for each severity: colour is never the only sign.
const shapes: Readonly<Record<Severity, string>> = {
  High: 'M5 0.5 9.5 9 .5 9Z',
  Medium: 'M5 0 10 5 5 10 0 5Z',
  Low: 'M1 1H9V9H1Z',
  Informational: 'M5 .5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9Z',
};

/** A severity as mark and word. */
export const SeverityBadge = ({ severity }: { readonly severity: Severity }) => (
  <span className={`severity severity-${severity.toLowerCase()}`}>
    <svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true">
      <path d={shapes[severity]} />
    </svg>
    {severity}
  </span>
);
