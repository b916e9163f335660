import { pino, type Logger } from 'pino';

/** One JSON line per event. Fields are ids, counts, times and reasons: never a record, a name or a token. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** A log that writes to standard error, so that standard output stays for results; `warn` leaves out what goes well. */
export function jsonLog(level: 'info' | 'warn' = 'info'): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** A log that says nothing: for commands that show progress instead, and for tests. */
export function silentLog(): Log {
  return pino({ enabled: false });
}
