import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Console } from '../../../../workspace/console/serve.ts';
import { bundlePage, type Page } from '../../../../workspace/console/server/page-bundle.ts';
import { directoryOf } from './rows.ts';
import { send, served } from './served.ts';

let page: Page;
let console: Console;
beforeAll(async () => {
  [page, console] = await Promise.all([bundlePage(), served(directoryOf())]);
});
afterAll(async () => console.close());

const sum = (sizes: Iterable<number>): number => [...sizes].reduce((all, size) => all + size, 0);

describe('the page', () => {
  test('is less than 1.5 MB compressed, all of it, either way', () => {
    const sizes = {
      gzip: sum(page.assets.values().map(({ gzip }) => gzip.length)),
      br: sum(page.assets.values().map(({ br }) => br.length)),
    };
    expect(sizes.gzip).toBeLessThan(1_500_000);
    expect(sizes.br).toBeLessThan(sizes.gzip);
    expect(sizes.br).toBeGreaterThan(10_000);
  });

  test('has one nonce in the document and in its policy, another each time, and no script of its own', async () => {
    const answers = [await send(console, '/'), await send(console, '/')];
    const nonces = answers.map(({ text, headers }) => {
      const nonce = /<meta name="csp-nonce" content="([^"]+)"/.exec(text)?.[1] ?? '';
      expect(nonce.length).toBeGreaterThanOrEqual(20);
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|\{\{|<!-- assets/);
      return nonce;
    });
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test('is sent compressed where the browser can read that, and may be kept', async () => {
    const { text } = await send(console, '/');
    const path = /<script type="module" src="([^"]+)"/.exec(text)?.[1] ?? '';
    const [plain, zipped, brotli] = [
      await send(console, path),
      await send(console, path, { headers: { 'accept-encoding': 'gzip' } }),
      await send(console, path, { headers: { 'accept-encoding': 'gzip, deflate, br' } }),
    ];
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(plain.headers['cache-control']).toContain('immutable');
    expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  });

  test('names no other host that it could load from, and no path of this machine', () => {
    for (const [name, { plain }] of page.assets) {
      const text = new TextDecoder().decode(plain);
      expect(text.includes(process.cwd()), name).toBe(false);
      expect(text, name).not.toMatch(/@import\s+(?:url\()?["']?https?:|url\(["']?https?:|import\(["']https?:/);
      expect(page.html('x')).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    }
  });
});
