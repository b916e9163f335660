/** How long one waits for the console of `npm start`: for its first page, and for each tab of each workbook. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath, launchChromium } from '../../scripts/pictures/chromium.ts';
import { startProduct } from '../../scripts/pictures/product.ts';
import { openSettled, settled } from '../../scripts/pictures/settled.ts';
import { shippedWorkbooks } from '../workbooks/shipped.ts';

type Figures = Readonly<Record<string, string | number>>;

const seconds = (fromMs: number): number => Number(((performance.now() - fromMs) / 1000).toFixed(2));

/** The default tenant; a browser that has asked nothing before. */
export async function consoleFigures(): Promise<readonly Figures[]> {
  const executable = chromiumPath();
  if (executable === undefined) return [{ bench: 'console', skipped: 'no Chromium here' }];
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-bench-'));
  const browser = await launchChromium(executable);
  const product = await startProduct(['--directory', directory]);
  try {
    const figures: Figures[] = [{ bench: 'console: address named', seconds: seconds(product.startedAt) }];
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    let bytes = 0;
    page.on('requestfinished', (request) => {
      if (!new URL(request.url()).pathname.startsWith('/api/'))
        void request.sizes().then(({ responseBodySize }) => (bytes += responseBodySize));
    });
    await openSettled(page, product.url, '#/');
    figures.push({ bench: 'console: page drawn', seconds: seconds(product.startedAt) });
    await page.locator('.kpi-value', { hasText: /[1-9]/ }).first().waitFor({ timeout: 120_000 });
    figures.push({ bench: 'console: first figures', seconds: seconds(product.startedAt) });
    await product.done();
    figures.push({ bench: 'console: all rules have run', seconds: seconds(product.startedAt) });

    for (const { file } of shippedWorkbooks) {
      await openSettled(page, product.url, '#/health');
      let from = performance.now();
      await openSettled(page, product.url, `#/workbooks/${file}`);
      const tabs = await page.getByRole('tab').all();
      for (const [at, tab] of tabs.entries()) {
        if (at > 0) {
          from = performance.now();
          await tab.click();
          await settled(page);
        }
        figures.push({ bench: `console: ${file}, ${await tab.innerText()}`, seconds: seconds(from) });
      }
    }
    await openSettled(page, product.url, '#/query');
    figures.push({ bench: 'console: page with every part of it, compressed', KiB: Math.ceil(bytes / 1024) });
    return figures;
  } finally {
    await product.close();
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  }
}
