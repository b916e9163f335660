import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** What a click saves: the file's name and its text. */
export async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}
