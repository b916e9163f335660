/** The console without a mouse. */
import { expect, it } from 'vitest';
import { settled } from '../../scripts/pictures/settled.ts';
import type { Open } from './browser.ts';
import { tile } from './tiles.ts';

const focused = 'document.activeElement.textContent.trim()';
const focusedTag = 'document.activeElement.tagName';

export function keyboard(open: Open): void {
  it('can be used without a mouse: to the content, along tabs, sorting, choosing a row', async () => {
    const page = await open('#/workbooks/soc-overview');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focused)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(focusedTag)).toBe('MAIN');

    // From there the tabs are one stop.
    for (let presses = 0; (await page.evaluate(focused)) !== 'Scope' && presses < 30; presses += 1)
      await page.keyboard.press('Tab');
    expect(await page.evaluate(focused)).toBe('Scope');
    await page.keyboard.press('ArrowLeft');
    await settled(page);
    const tab = page.getByRole('tab', { name: 'Signal' });
    expect([await page.evaluate(focused), await tab.getAttribute('aria-selected')]).toEqual(['Signal', 'true']);

    const people = tile(page, 'riskiest-people');
    const names = async () => people.locator('tbody tr td:first-child').allInnerTexts();
    const before = await names();
    const head = people.locator('th').first();
    await head.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await names()).toEqual(before.toSorted());
    await page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await names()).toEqual(before.toSorted().toReversed());

    // Rows are one stop, too.
    while ((await page.evaluate(focusedTag)) !== 'TR') await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await settled(page);
    const row = people.locator('tbody tr').nth(1);
    expect(await row.getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('[data-item="person-title"]').innerText()).toBe(
      await row.locator('td').first().innerText(),
    );
    expect(await page.locator('p.visually-hidden[role=status]').innerText()).toBe('Shown: Person');
  });

  it('puts the reader at the heading of the page that a link opens', async () => {
    const page = await open('#/');
    await page.getByRole('link', { name: 'All incidents' }).focus();
    await page.keyboard.press('Enter');
    await settled(page);
    expect([await page.evaluate(focusedTag), await page.evaluate(focused)]).toEqual(['H1', 'Incidents']);
  });
}
