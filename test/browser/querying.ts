/** The editor for KQL. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { settled } from '../../scripts/pictures/settled.ts';
import type { Open } from './browser.ts';
import { saved } from './download.ts';

async function write(page: Page, query: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(query);
}

async function run(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter');
  await settled(page);
}

export function queries(open: Open): void {
  it('marks what is wrong in a query, says it, and leads there', async () => {
    const page = await open('#/query');
    await write(page, 'CopilotEvents()\n| where Colour == "blue"');
    const mark = page.locator('.cm-lintRange-error');
    await mark.waitFor();
    expect(await mark.innerText()).toBe('Colour');
    await run(page);
    const notice = page.getByRole('region', { name: 'Result' }).getByRole('alert');
    expect(await notice.innerText()).toMatch(/The query did not run \(KS\d+\)[^]*Colour/);
    await notice.getByRole('button', { name: 'Go to line 2, column 9' }).click();
    await page.keyboard.insertText('Operation');
    await page.locator('.cm-lintRange-error').waitFor({ state: 'detached' });
    await run(page);
    expect(await page.locator('.result-bar').innerText()).toMatch(/^0 rows/);
  });

  it('completes names', async () => {
    const page = await open('#/query');
    await write(page, 'CopilotMessages()\n| where Jailb');
    await page.keyboard.press('Control+ ');
    const offers = page.locator('.cm-tooltip-autocomplete li');
    await offers.first().waitFor();
    expect(await offers.allInnerTexts()).toContainEqual(expect.stringContaining('JailbreakDetected'));
    await offers.getByText('JailbreakDetected', { exact: true }).click();
    expect(await page.locator('.cm-content').innerText()).toBe('CopilotMessages()\n| where JailbreakDetected');
  });

  it('shows a result as a table and as a chart, and keeps the query in the address', async () => {
    const page = await open('#/query');
    const query = 'CopilotTurns(ago(7d)) | summarize Turns = count() by AppHostNormalized | sort by Turns desc';
    await write(page, query);
    await run(page);
    const rows = page.locator('table tbody tr');
    expect(await rows.count()).toBeGreaterThan(3);
    expect(await page.locator('.result-bar').innerText()).toContain(`${await rows.count()} rows`);
    await page.getByRole('radio', { name: 'Chart' }).check();
    await page.locator('.chart-canvas canvas').waitFor();
    await page.locator('.controls select').first().selectOption('piechart');
    expect(await page.locator('.chart-canvas').getAttribute('aria-label')).toMatch(/^Result/);
    const other = await open(new URL(page.url()).hash);
    expect(await other.locator('.cm-content').innerText()).toBe(query);
    expect(await other.locator('.result-bar').innerText()).toMatch(/^\d+ rows/);
  });

  it('saves a result as CSV in which no cell is a formula', async () => {
    const page = await open('#/query');
    await write(page, `print Formula = "=cmd|' /C calc'!A0", At = "@SUM(1)", Text = "a, \\"b\\"", Number = -5`);
    await run(page);
    expect(await page.locator('tbody td').allInnerTexts()).toEqual([`=cmd|' /C calc'!A0`, '@SUM(1)', 'a, "b"', '-5']);
    const { name, text } = await saved(page, () => page.getByRole('button', { name: 'Download CSV' }).click());
    expect(name).toMatch(/^query-.*\.csv$/);
    expect(text).toBe(`\uFEFFFormula,At,Text,Number\r\n'=cmd|' /C calc'!A0,'@SUM(1),"a, ""b""",-5\r\n`);
  });
}
