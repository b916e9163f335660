/** Sends a file of the page in the smallest form that the browser reads. */
import type { Context } from 'hono';
import type { Asset } from './page-bundle.ts';

const isRefused = (encoding: string): boolean => /;\s*q=0(?:\.0*)?\s*$/.test(encoding);

function encodingOf(accepted: string): 'br' | 'gzip' | undefined {
  const names = accepted
    .split(',')
    .filter((one) => !isRefused(one))
    .map((one) => one.replace(/;.*$/, '').trim().toLowerCase());
  return (['br', 'gzip'] as const).find((name) => names.includes(name));
}

/** The answer. */
export function sendAsset(context: Context, asset: Asset): Response {
  const encoding = encodingOf(context.req.header('accept-encoding') ?? '');
  return context.body(asset[encoding ?? 'plain'], 200, {
    'content-type': asset.type,
    // The name changes with the content.
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  });
}
