/** Content type of OpenMetrics 1.0 (prometheus/OpenMetrics, specification/OpenMetrics.md, "Protocol Negotiation"). */
export const OPENMETRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Content type of the older Prometheus text format. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Turns Prometheus text 0.0.4 into OpenMetrics 1.0: counter families lose `_total`, samples keep it; quotes in HELP are
 * escaped; plain comments go, and `# EOF` ends the text. Label values and numbers are written alike in both.
 */
export function toOpenMetrics(text: string): string {
  const lines = text.split('\n');
  // HELP stands before TYPE, so the counters have to be known first.
  const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+)_total counter$/.exec(line)?.[1] ?? []));
  const family = (name: string): string => {
    const base = name.replace(/_total$/, '');
    return counters.has(base) ? base : name;
  };
  const open = lines.flatMap((line) => {
    if (line === '') return [];
    if (!line.startsWith('#')) return [line];
    const [, keyword, name, rest] = /^# (HELP|TYPE|UNIT) (\S+) ?(.*)$/.exec(line) ?? [];
    if (keyword === undefined || name === undefined || rest === undefined) return [];
    if (keyword === 'TYPE') return [`# TYPE ${family(name)} ${rest === 'untyped' ? 'unknown' : rest}`];
    return [`# ${keyword} ${family(name)} ${rest.replaceAll('"', String.raw`\"`)}`];
  });
  return `${[...open, '# EOF'].join('\n')}\n`;
}

/**
 * The format for an Accept header (RFC 9110, 12.5.1): OpenMetrics, unless the client prefers text/plain or takes
 * no OpenMetrics 1.0 at all.
 */
export function formatFor(accept: string | undefined): 'openmetrics' | 'text' {
  if (accept === undefined || accept.trim() === '') return 'openmetrics';
  const ranges = accept.split(',').map(toRange);
  const open = quality(ranges, 'application/openmetrics-text', '1.0.0');
  return open > 0 && open >= quality(ranges, 'text/plain', '0.0.4') ? 'openmetrics' : 'text';
}

interface Range {
  readonly type: string;
  readonly version: string | undefined;
  readonly q: number;
}

function toRange(part: string): Range {
  const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const parameter = (name: string): string | undefined =>
    parameters.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const q = Number(parameter('q') ?? '1');
  return { type, version: parameter('version')?.replaceAll('"', ''), q: Number.isNaN(q) ? 0 : q };
}

/** How much a type in this version is wanted, 0 to 1: what the most specific range says. */
function quality(ranges: readonly Range[], type: string, version: string): number {
  const byRank: readonly ((range: Range) => boolean)[] = [
    (range) => range.type === type && range.version === version,
    (range) => range.type === type && range.version === undefined,
    (range) => range.type === type.replace(/\/.*/, '/*'),
    (range) => range.type === '*/*',
  ];
  for (const isMatch of byRank) {
    const found = ranges.filter(isMatch);
    if (found.length > 0) return Math.max(...found.map(({ q }) => q));
  }
  return 0;
}
