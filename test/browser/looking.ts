/** What one sees on the pages of a console, and how they look. */
import { expect, it } from 'vitest';
import { settled } from '../../scripts/pictures/settled.ts';
import { shippedWorkbooks } from '../workbooks/shipped.ts';
import { violations } from './accessible.ts';
import type { Open } from './browser.ts';

const width = 'document.documentElement.scrollWidth';
const theme = 'document.documentElement.dataset.theme';
const darkness = `(() => {
  const [red, green, blue] = getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).map(Number);
  return 255 - (red + green + blue) / 3;
})()`;

const addresses = [
  '#/',
  '#/incidents',
  '#/query',
  '#/health',
  ...shippedWorkbooks.map(({ file }) => `#/workbooks/${file}`),
];

export function looks(open: Open): void {
  it('opens with figures, a chart, incidents and the proof of completeness', async () => {
    const page = await open('#/');
    expect(await page.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual(['Overview']);
    expect(await page.title()).toBe('Overview · Copilot Sentinel');
    const figures = await page.locator('.kpi').allInnerTexts();
    expect(figures).toHaveLength(6);
    for (const name of ['Interactions', 'People', 'Agents used', 'Labelled reads', 'Copilot Credits'])
      expect(
        figures.find((text) => text.startsWith(name)),
        name,
      ).toMatch(/^.+\n+[1-9][\d,.]*\n/);
    expect(await page.locator('.chart-canvas canvas').count()).toBe(1);
    expect(await page.locator('.incident-table tbody tr').count()).toBe(10);
    expect(await page.locator('.source').allInnerTexts()).toEqual([
      expect.stringMatching(/^activity-feed\s+✓ complete/),
      expect.stringMatching(/^usage-report\s+✓ complete/),
    ]);
    expect(await page.locator('.steps').innerText()).toMatch(/stored, each once[^]*\b(\d\d) of \1 rules/);
  });

  it('tells of the collector, its hours, its metrics and its log', async () => {
    const page = await open('#/health');
    expect(await page.getByRole('region', { name: 'Collector', exact: true }).innerText()).toMatch(/Process\s+running/);
    expect(await page.locator('.hour-complete').count()).toBeGreaterThan(100);
    expect(await page.getByRole('region', { name: 'Metrics' }).locator('tbody tr').count()).toBeGreaterThan(5);
    expect(await page.getByRole('region', { name: 'Tables' }).innerText()).toMatch(/CopilotAudit_CL\s+[\d.]+ [kM]i?B/);
    expect(await page.getByRole('log').innerText()).toMatch(/activity-feed: pass ended/);
    expect(await page.getByRole('region', { name: 'Rules that could not run' }).innerText()).toMatch(
      /\b(\d\d) of \1 rules/,
    );
  });

  it('filters incidents, and keeps the choice in the address', async () => {
    const page = await open('#/incidents');
    const rows = page.locator('.incident-table tbody tr');
    const all = await rows.count();
    await page.getByRole('search').getByText('High').click();
    const high = await rows.count();
    expect(high).toBeGreaterThan(0);
    expect(high).toBeLessThan(all);
    expect(page.url()).toContain('severity=High');
    await page.getByRole('searchbox').fill('no incident says this');
    expect(await page.getByRole('status').allInnerTexts()).toContain(`0 of ${all} incidents`);
  });

  it('shows an incident with its triage text, entities, alerts and the records behind it, for everybody', async () => {
    const page = await open('#/incidents');
    // Restricted sites are read by people: the alert names its records.
    await page
      .locator('.incident-table tbody tr', { hasText: 'collection-restricted-site' })
      .locator('a')
      .first()
      .click();
    await page.getByRole('region', { name: 'Evidence' }).waitFor();
    await settled(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/restricted site/);
    expect((await page.getByRole('region', { name: 'Triage' }).innerText()).length).toBeGreaterThan(200);
    expect(await page.locator('.entity').count()).toBeGreaterThan(1);
    expect(await page.locator('.alert-item').count()).toBeGreaterThan(0);
    const evidence = page.getByRole('region', { name: 'Evidence' });
    expect(await evidence.locator('tbody tr').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
    const [person] = await page.locator('.entity', { hasText: 'Account' }).locator('.entity-text').allInnerTexts();
    expect(await evidence.locator('tbody').innerText()).toContain(person?.split('\n')[0]);

    await page.getByRole('link', { name: 'Open the rule’s query' }).first().click();
    await page.getByRole('heading', { name: 'Query', level: 1 }).waitFor();
    await settled(page);
    expect(await page.locator('.result-bar').innerText()).toMatch(/^\d+ rows? in/);
  });

  it('is dark where the system is, or where it is chosen; the choice stays', async () => {
    const page = await open('#/', { colors: 'dark' });
    expect(await page.evaluate(theme)).toBe('dark');
    expect(await page.evaluate<number>(darkness)).toBeGreaterThan(200);
    await page.getByLabel('Colours').selectOption('Light');
    expect(await page.evaluate(theme)).toBe('light');
    expect(await page.evaluate<number>(darkness)).toBeLessThan(50);
    await page.reload();
    await settled(page);
    expect(await page.evaluate(theme)).toBe('light');
  });

  it.each(addresses)('keeps nobody out, in light and in dark, and fits 360 pixels: %s', async (address) => {
    const page = await open(address);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await settled(page);
    expect(await page.evaluate(width)).toBe(360);
    await page.getByRole('button', { name: 'Menu' }).click();
    expect(await page.getByRole('navigation').getByRole('link', { name: 'Health', exact: true }).isVisible()).toBe(
      true,
    );
  });
}
