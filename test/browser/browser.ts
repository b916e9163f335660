/** Pages in a real browser without a window. What a page complains of fails the test that opened it. */
import type { Browser, BrowserContext, ConsoleMessage, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { chromiumPath, launchChromium } from '../../scripts/pictures/chromium.ts';
import { openSettled } from '../../scripts/pictures/settled.ts';

const executable = chromiumPath();

/** Tests that need a browser; where there is none they are skipped, and their name says why. */
export function describeInBrowser(name: string, body: () => void): void {
  const remark = executable === undefined ? ' (no Chromium here: install it, or name it in CHROMIUM)' : '';
  describe.skipIf(executable === undefined)(`${name}${remark}`, () => {
    // Processes, threads and a browser on two cores: a busy machine is no failure.
    vi.setConfig({ testTimeout: 180_000, hookTimeout: 300_000 });
    body();
  });
}

/** Who looks, and with what. */
export interface Look {
  readonly colors?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Complaints that the test is about. */
  readonly expected?: RegExp;
}

/** Opens an address of a console (`#/health`) in a browser of its own, and waits until all is there. */
export type Open = (hash: string, look?: Look) => Promise<Page>;

const isForeign = (request: Request, url: string): boolean =>
  /^(?:https?|wss?|ftp):/.test(request.url()) && new URL(request.url()).origin !== new URL(url).origin;

/** Pages of a console at `url`; after each test they are closed, and must have complained of nothing. */
export function pagesOf(url: () => string): Open {
  let browser: Browser | undefined;
  let contexts: BrowserContext[] = [];
  let complaints: string[] = [];

  beforeAll(async () => {
    if (executable !== undefined) browser = await launchChromium(executable);
  });
  afterEach(async () => {
    const said = complaints;
    for (const context of contexts) await context.close();
    [contexts, complaints] = [[], []];
    expect(said).toEqual([]);
  });
  afterAll(() => browser?.close());

  return async (hash, { colors = 'light', width = 1280, height = 800, expected } = {}) => {
    if (browser === undefined) throw new Error('no browser');
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: colors });
    contexts.push(context);
    const page = await context.newPage();
    const complain = (what: string): void => {
      if (expected?.test(what) !== true) complaints.push(what);
    };
    page.on('console', (message: ConsoleMessage) => {
      if (message.type() === 'error' || message.type() === 'warning') complain(message.text());
    });
    page.on('pageerror', (error) => complain(`thrown: ${error.message}`));
    page.on('dialog', (dialog) => {
      complain(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (isForeign(request, url())) complain(`asked another host: ${request.url()}`);
    });
    await openSettled(page, url(), hash);
    return page;
  };
}
