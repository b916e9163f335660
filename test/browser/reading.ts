/** Reading workbooks: every tab, what follows from a choice, and where a row leads. */
import { expect, it } from 'vitest';
import { settled } from '../../scripts/pictures/settled.ts';
import { expectedEmpty, sometimesEmpty } from '../workbooks/expected-empty.ts';
import { shippedWorkbooks } from '../workbooks/shipped.ts';
import type { Open } from './browser.ts';
import { saved } from './download.ts';
import { figure, tile, tilesOf } from './tiles.ts';

/** What is wrong with the tiles of a tab. */
const faults = (file: string, tiles: Awaited<ReturnType<typeof tilesOf>>): readonly string[] =>
  tiles.flatMap(({ name, state, note, remarks, things }) => {
    const key = `${file}/${name}`;
    const isEmptyForAReason = expectedEmpty[key] !== undefined || sometimesEmpty[key] !== undefined;
    if (state !== 'answered') return [`${key} is ${state}: ${remarks.join(' ')}`];
    if (remarks.length > 0) return [`${key} says: ${remarks.join(' ')}`];
    if (note !== null && (note === 'No rows.' || note === '')) return [`${key} is empty and says nothing`];
    if (note !== null && !isEmptyForAReason) return [`${key} is empty: ${note}`];
    return note === null && things === 0 ? [`${key} shows nothing`] : [];
  });

export function workbooks(open: Open): void {
  it.each(shippedWorkbooks.map(({ file, title }) => [title, file] as const))(
    'shows every tab of %s, each tile with rows or its reason',
    async (title, file) => {
      const page = await open(`#/workbooks/${file}`);
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title);
      const tabs = await page.getByRole('tab').all();
      expect(tabs.length).toBeGreaterThan(2);
      for (const tab of tabs) {
        await tab.click();
        await settled(page);
        expect(await tab.getAttribute('aria-selected')).toBe('true');
        const tiles = await tilesOf(page);
        expect(tiles.length, await tab.innerText()).toBeGreaterThan(2);
        expect(faults(file, tiles)).toEqual([]);
        expect(await page.getByText(/is not shown\./).count()).toBe(0);
      }
    },
  );

  it('leads from a person to threads, and from a thread to its messages and resources', async () => {
    const page = await open('#/workbooks/soc-overview?Tab=signal');
    expect(await page.getByRole('heading', { name: 'Person', exact: true }).count()).toBe(0);
    const row = tile(page, 'riskiest-people').locator('tbody tr').first();
    const person = await row.locator('td').first().innerText();
    await row.click();
    await settled(page);
    expect(await row.getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('[data-item="person-title"]').innerText()).toBe(person);
    expect((await tilesOf(page)).find(({ name }) => name === 'person-facts')).toMatchObject({ things: 1 });

    // Its first thread is the one that scored most.
    const thread = tile(page, 'person-threads').locator('tbody tr').first();
    await thread.click();
    await settled(page);
    const shown = Object.fromEntries((await tilesOf(page)).map((one) => [one.name, one]));
    for (const name of ['thread-messages', 'thread-resources', 'thread-plugins'])
      expect(shown[name], name).toMatchObject({ state: 'answered', remarks: [] });
    const parts = ['thread-messages', 'thread-resources', 'thread-plugins'].map((name) => shown[name]?.things ?? 0);
    expect(Math.max(...parts)).toBeGreaterThan(0);
    const id = (await page.locator('[data-item="thread-title"]').innerText()).replace('Thread ', '');
    expect(await thread.innerText()).toContain(id);

    // The view is in the address: it can be shared, and Back goes back.
    const other = await open(new URL(page.url()).hash);
    expect(await other.locator('[data-item="thread-title"]').innerText()).toBe(`Thread ${id}`);
    await page.goBack();
    await settled(page);
    expect(await page.locator('[data-item="thread-title"]').count()).toBe(0);
    expect(await page.locator('[data-item="person-title"]').innerText()).toBe(person);
    await row.click();
    await settled(page);
    expect(await page.locator('[data-item="person-title"]').count()).toBe(0);
  });

  it('counts anew when a parameter changes: a shorter span, one application, all again', async () => {
    const page = await open('#/workbooks/soc-overview');
    const turns = async (): Promise<number> => {
      await settled(page);
      return figure(page, 'kpis', 'Turns');
    };
    const week = await turns();
    await page.getByLabel('Time range').selectOption(String(24 * 3_600_000));
    const day = await turns();
    expect(day).toBeGreaterThan(0);
    expect(day).toBeLessThan(week / 2);
    await page.getByLabel('Time range').selectOption(String(7 * 24 * 3_600_000));
    expect(await turns()).toBe(week);

    const picker = page.locator('.field', { has: page.getByText('Application', { exact: true }) }).locator('details');
    const summary = picker.locator('summary');
    const choose = async (choice: string): Promise<void> => {
      await summary.click();
      await picker.locator('label').getByText(choice, { exact: true }).click();
      await picker.getByRole('button', { name: 'Apply' }).click();
    };
    await choose('Word');
    const ofWord = await turns();
    expect(await summary.innerText()).toBe('Word');
    expect(ofWord).toBeGreaterThan(0);
    expect(ofWord).toBeLessThan(week);
    await choose('Excel');
    expect(await turns()).toBeGreaterThan(ofWord);
    expect(await summary.innerText()).toBe('2 chosen');
    // Closed by Escape instead of its button: what is ticked counts all the same.
    await summary.click();
    await picker.locator('label').getByText('All', { exact: true }).click();
    await page.keyboard.press('Escape');
    expect(await turns()).toBe(week);
    expect(await summary.innerText()).toBe('All');
  });

  it('gives the rows of a tile as CSV, as a table, and its query to the editor', async () => {
    const page = await open('#/workbooks/soc-overview');
    const departments = tile(page, 'turns-by-department');
    expect(await departments.locator('canvas').count()).toBe(1);
    await departments.getByRole('button', { name: 'Show as table' }).click();
    const rows = await departments.locator('tbody tr').count();
    expect(rows).toBeGreaterThan(3);
    const { name, text } = await saved(page, () =>
      departments.getByRole('button', { name: 'Save rows as CSV' }).click(),
    );
    expect(name).toBe('Turns-and-people-by-department.csv');
    expect(text.trim().split('\r\n')).toHaveLength(rows + 1);
    await departments.getByRole('link', { name: 'Open query in editor' }).click();
    await page.getByRole('heading', { name: 'Query', level: 1 }).waitFor();
    await settled(page);
    expect(await page.locator('.result-bar').innerText()).toMatch(new RegExp(`^${rows} rows`));
  });
}
