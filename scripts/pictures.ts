/**
 * `npm run pictures [-- NAME...]`: takes the pictures of docs/pictures of `npm start` as anybody gets it. The tenant is
 * the same each time; times are those of the day.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath, launchChromium } from './pictures/chromium.ts';
import { startProduct } from './pictures/product.ts';
import { openSettled } from './pictures/settled.ts';
import { smallerPng } from './pictures/smaller-png.ts';
import { views } from './pictures/views.ts';

const WIDTH = 1280;
const HEIGHT = 960;

const folder = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const names = process.argv.slice(2);
const unknown = names.find((name) => !views.some((view) => view.name === name));
const executable = chromiumPath();
if (unknown !== undefined || executable === undefined) {
  console.error(
    unknown === undefined
      ? 'There is no Chromium here: install it, or name it in CHROMIUM.'
      : `There is no picture ${unknown}: choose from ${views.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}

const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-pictures-'));
const product = await startProduct(['--directory', directory]);
try {
  await product.done();
  const browser = await launchChromium(executable);
  await mkdir(folder, { recursive: true });
  for (const { name, hash, colors = 'light', goOn, height = HEIGHT } of views) {
    if (names.length > 0 && !names.includes(name)) continue;
    const page = await browser.newPage({ viewport: { width: WIDTH, height }, colorScheme: colors });
    await openSettled(page, product.url, hash);
    await goOn?.(page);
    // Nothing that stands under a pointer or in focus.
    await page.mouse.move(0, 0);
    await page.evaluate('document.activeElement?.blur()');
    const png = smallerPng(await page.screenshot());
    await writeFile(join(folder, `${name}.png`), png);
    console.log(`${name}.png  ${Math.ceil(png.length / 1024)} KiB`);
    await page.close();
  }
  await browser.close();
} finally {
  await product.close();
  await rm(directory, { recursive: true, force: true });
}
