/** When a page of the console has nothing left to wait for. */
import type { Page } from 'playwright-core';

// Frames and timers: what a click has changed in the address reaches the page with the next event.
const aMoment =
  'new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(done, 0)), 0)))';
const waiting = 'main :is(.loading, .tile-wait, .chart-wait, .text-wait, [aria-busy="true"])';

/** Waits until every tile of the page has its answer and is drawn. */
export async function settled(page: Page, timeout = 60_000): Promise<void> {
  await page.locator('main h1').first().waitFor({ timeout });
  // Twice: a tile that depends on another one's answer starts when that is there.
  for (const _ of [1, 2]) {
    await page.evaluate(aMoment);
    await page.locator(waiting).first().waitFor({ state: 'detached', timeout });
  }
}

/** Opens an address of the console, `#/health`, and waits until it has nothing left to wait for. */
export async function openSettled(page: Page, url: string, hash: string): Promise<void> {
  await page.goto(new URL(hash, url).href);
  await settled(page);
}
