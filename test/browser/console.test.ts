/** The console of `npm start` over a simulated tenant, in a real browser. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Product, startProduct } from '../../scripts/pictures/product.ts';
import { describeInBrowser, pagesOf } from './browser.ts';
import { looks } from './looking.ts';
import { keyboard } from './keyboard.ts';
import { queries } from './querying.ts';
import { workbooks } from './reading.ts';

describeInBrowser('the console', () => {
  let directory = '';
  let product: Product | undefined;

  // One for all: its rules run half a minute on two cores.
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-browser-'));
    product = await startProduct(['--users', '60', '--days', '7', '--directory', directory]);
    await product.done();
  });
  afterAll(async () => {
    await product?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const open = pagesOf(() => product?.url ?? '');
  looks(open);
  workbooks(open);
  queries(open);
  keyboard(open);
});
