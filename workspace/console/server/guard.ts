/** Who may ask, and what an answer may do in a browser. A page of another site must neither read nor send anything. */
import { createMiddleware } from 'hono/factory';
import { problem, refusal } from './problems.ts';

const names = ['127.0.0.1', 'localhost', '[::1]'] as const;
const DEFAULT_PORT = 80;

/** The hosts that a server of this machine answers to: a name that somebody else made point here is none of them. */
export const ownHosts = (port: number): ReadonlySet<string> =>
  new Set(names.flatMap((name) => [`${name}:${port}`, ...(port === DEFAULT_PORT ? [name] : [])]));

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD']);

function whyRefused(
  request: Request,
  hosts: ReadonlySet<string>,
): { status: 403 | 405 | 415 | 421; why: string } | undefined {
  const header = (name: string): string | undefined => request.headers.get(name)?.toLowerCase();
  const host = header('host');
  if (host === undefined || !hosts.has(host))
    return { status: 421, why: `this server is ${[...hosts][0]}, not ${host ?? 'unnamed'}: open it by that address` };
  const origin = header('origin');
  // Another name of this machine may be another server's.
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, why: `a page of ${origin} may not ask this server` };
  const path = new URL(request.url).pathname;
  // A link on another page may open the console, but nothing there may ask its API.
  const site = header('sec-fetch-site');
  if (path.startsWith('/api/') && site !== undefined && site !== 'same-origin' && site !== 'none')
    return { status: 403, why: 'a page of another site may not ask this server' };
  if (reads.has(request.method)) return undefined;
  if (request.method !== 'POST' || !path.startsWith('/api/'))
    return { status: 405, why: `${request.method} ${path}: this server is for reading only` };
  // A form of another site can send text, never this type.
  const type = header('content-type')?.split(';')[0]?.trim();
  if (type !== 'application/json')
    return { status: 415, why: `content-type ${type ?? 'missing'}: send application/json` };
  return undefined;
}

const policy = (style: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style}`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The policy of the page: the editor writes one style element of its own, which carries the nonce. */
export const pagePolicy = (nonce: string): string => policy(`'self' 'nonce-${nonce}'`);

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': policy("'self'"),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
};

/** Refuses what is not asked by this server's own page, and puts the headers on every answer that has not its own. */
export const guard = (hosts: () => ReadonlySet<string>) =>
  createMiddleware(async (context, next) => {
    const refused = whyRefused(context.req.raw, hosts());
    if (refused === undefined) await next();
    else context.res = context.json(refusal(problem('refused', refused.why)), refused.status);
    for (const [name, value] of Object.entries(headers))
      if (!context.res.headers.has(name)) context.res.headers.set(name, value);
  });
