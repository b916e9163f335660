/** Consoles over data that nobody wishes for, in a real browser: every problem stays in its place. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Product, startProduct } from '../../scripts/pictures/product.ts';
import { openSettled, settled } from '../../scripts/pictures/settled.ts';
import { simulator } from '../../simulator/simulator.ts';
import type { IncidentView } from '../../workspace/console/api.ts';
import type { Console } from '../../workspace/console/serve.ts';
import { until } from '../e2e/harness.ts';
import { auditFile, auditLines, directoryOf } from '../unit/console/server/rows.ts';
import { served } from '../unit/console/server/served.ts';
import { shippedWorkbooks } from '../workbooks/shipped.ts';
import { describeInBrowser, type Open, pagesOf } from './browser.ts';
import { saved } from './download.ts';
import { oddWorkbook } from './odd-workbook.ts';
import { formula, html, link, names, plantedIncident, plantedRows } from './planted.ts';
import { tile, tilesOf } from './tiles.ts';

/** Pages of a console over files, which live as long as the tests around. */
function consoleOver(
  files: Readonly<Record<string, string>>,
  options: { readonly incidents?: readonly IncidentView[]; readonly hasWorkbooks?: 'own' } = {},
): Open {
  let made: Console | undefined;
  const directory = directoryOf(files);
  beforeAll(async () => {
    made = await served(join(directory, 'rows'), {
      ...(options.incidents === undefined ? {} : { incidents: options.incidents }),
      ...(options.hasWorkbooks === undefined ? {} : { workbooks: join(directory, 'workbooks') }),
    });
  });
  afterAll(async () => {
    await made?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return pagesOf(() => made?.url ?? '');
}

/** Elements that a name would have made if it were read as HTML or Markdown. */
const made = async (page: Page): Promise<number> =>
  page.locator(':is(main, nav, dialog) :is(img, iframe, b, a[href^="javascript" i], [onerror])').count();

describeInBrowser('names that try to be more', () => {
  const now = new Date();
  const open = consoleOver(
    { 'rows/CopilotAudit_CL/2026-11-20.ndjson': plantedRows(now) },
    { incidents: [plantedIncident(now)] },
  );

  it('are text in grids, filters, headings and Markdown of a workbook, and no formula in its CSV', async () => {
    const page = await open('#/workbooks/soc-overview?Tab=signal');
    const people = tile(page, 'riskiest-people');
    const cells = people.locator('tbody td:first-child');
    expect(new Set(await cells.allInnerTexts())).toEqual(new Set(names));
    for (const name of names) {
      await cells.getByText(name, { exact: true }).click();
      await settled(page);
      expect(await page.locator('[data-item="person-title"]').innerText()).toBe(name);
      await tile(page, 'person-threads').locator('tbody tr').first().click();
      await settled(page);
      expect(await page.locator('[data-item="thread-title"]').innerText()).toBe(`Thread ${name}`);
      expect(await tile(page, 'thread-resources').innerText()).toContain(name);
      expect(await made(page)).toBe(0);
    }
    await page
      .locator('.field', { has: page.getByText('Person', { exact: true }) })
      .locator('summary')
      .click();
    const choices = page.locator('.picker[open] .picker-list label');
    expect(await choices.allInnerTexts()).toEqual(['All', ...names.toSorted()]);
    const { text } = await saved(page, () => people.getByRole('button', { name: 'Save rows as CSV' }).click());
    expect(text).toContain(`\r\n'${formula},`);
    expect(text).not.toMatch(/(?:^|,|\n)"?=/);
    expect(await made(page)).toBe(0);
  });

  it('are text in charts, their tooltips and their tables', async () => {
    const query = 'CopilotTurns(ago(7d)) | summarize Turns = count() by ActorName | render barchart';
    const page = await open(`#/query?q=${encodeURIComponent(query)}`);
    const canvas = page.locator('.chart-canvas canvas');
    const box = await canvas.boundingBox();
    await canvas.hover({ position: { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 } });
    // Drawn, and told to those who cannot see it.
    for (const name of names)
      expect(await page.locator('.chart-canvas').getAttribute('aria-label')).toContain(`${name} 1`);
    expect(await made(page)).toBe(0);
    await page.getByRole('button', { name: 'Show Result as a table' }).click();
    expect(new Set(await page.locator('tbody td:first-child').allInnerTexts())).toEqual(new Set(names));
    expect(await made(page)).toBe(0);
  });

  it('are text on the pages of incidents, and in the text for triage', async () => {
    const page = await open('#/incidents');
    await page.getByRole('link', { name: names.join(' ') }).click();
    await page.getByRole('region', { name: 'Evidence' }).locator('tbody tr').waitFor();
    await settled(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(names.join(' '));
    expect(await page.title()).toContain(html);
    expect(await page.locator('.entity-text').allInnerTexts()).toEqual([...names]);
    expect(await page.getByRole('region', { name: 'Triage' }).innerText()).toMatch(/Look at [^]*, then call the owner/);
    expect(await page.getByRole('region', { name: 'Alerts' }).innerText()).toContain(link);
    expect(await made(page)).toBe(0);
  });
});

describeInBrowser('a broken workbook', () => {
  const open = consoleOver(
    {
      'rows/.keep': '',
      'workbooks/broken.json': '{ "version": "Notebook/1.0", "items": [',
      'workbooks/odd.json': oddWorkbook,
      'workbooks/other.json': JSON.stringify({ version: 'Notebook/9.0', items: 'none' }),
    },
    { hasWorkbooks: 'own' },
  );

  it('is marked in the list and says why it cannot be shown; the others can', async () => {
    const page = await open('#/');
    const links = page.getByRole('navigation').locator('a[href*="workbooks"]');
    expect(await links.allInnerTexts()).toEqual([
      expect.stringMatching(/^broken\s+! broken$/i),
      'An odd workbook',
      expect.stringMatching(/^other\s+! broken$/i),
    ]);
    for (const file of ['broken', 'other']) {
      await links.filter({ hasText: file }).first().click();
      const notice = page.getByRole('main').getByRole('alert');
      await notice.waitFor();
      expect(await notice.innerText()).toMatch(/^This workbook cannot be shown\. ./);
    }
    await links.filter({ hasText: 'An odd workbook' }).click();
    await tile(page, 'good').locator('tbody tr').waitFor();
  });

  it('tells in each tile what is wrong with it, and shows the rest', async () => {
    const page = await open('#/workbooks/odd');
    const text = async (item: string): Promise<string> => page.locator(`[data-item="${item}"]`).innerText();
    expect(await page.getByText('Its second sentence.').count()).toBe(1);
    expect(await text('unknown-visualization')).toMatch(/hologram/);
    expect(await text('another-service')).toMatch(/another-service is not shown\.[^]*queryType 1/);
    expect(await text('unsupported')).toMatch(/This query failed \(\w+\)\.[^]*autocluster/);
    expect(await text('wrong-column')).toMatch(/This query failed \(KS\d+\)\.[^]*Colour/);
    expect(await text('unknown-item')).toMatch(/unknown-item is not shown\.[^]*99/);
    expect(await text('good')).toMatch(/as it should be/);
  });
});

describeInBrowser('a row that is none', () => {
  const open = consoleOver({
    [`rows/${auditFile}`]: `${auditLines('ada@contoso.example')}{"RecordId": "torn\n${auditLines('bo@contoso.example')}`,
    'rows/CopilotHealth_CL/2026-11-20.ndjson': `${JSON.stringify({
      TimeGenerated: new Date().toISOString(),
      _TimeReceived: new Date().toISOString(),
      Source: 'activity-feed',
    })}\n`,
  });

  it('is named with its file and line by the tiles that read it; the others show their rows', async () => {
    const page = await open('#/workbooks/soc-overview');
    expect(await tile(page, 'kpis').innerText()).toMatch(/2026-11-20\.ndjson, line 2: not a JSON object/);
    await openSettled(page, page.url(), `#/query?q=${encodeURIComponent('CopilotHealth_CL | project Source')}`);
    expect(await page.locator('tbody td').allInnerTexts()).toEqual(['activity-feed']);
  });
});

describeInBrowser('an empty workspace', () => {
  const open = consoleOver({ 'rows/.keep': '' });

  it('has an overview that says so', async () => {
    const page = await open('#/');
    expect(await page.getByRole('main').innerText()).toMatch(/No interactions[^]*No incidents/);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it.each(shippedWorkbooks.map(({ file }) => file))('opens every tab of %s without an error', async (file) => {
    const page = await open(`#/workbooks/${file}`);
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await settled(page);
      const wrong = (await tilesOf(page)).filter(
        ({ state, note, remarks, things }) =>
          state !== 'answered' || remarks.length > 0 || note === 'No rows.' || (note === null && things === 0),
      );
      expect(wrong).toEqual([]);
    }
  });
});

describeInBrowser('an export', () => {
  let directory = '';
  let product: Product | undefined;
  const now = Date.parse('2026-09-16T12:00:00Z');

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-browser-'));
    const tenant = await simulator({ users: 12, days: 5, clock: () => now, habits: 'benign' });
    const records = tenant.blobs.flatMap((blob) => JSON.parse(blob.body()) as readonly unknown[]);
    await tenant.close();
    const path = join(directory, 'audit.json');
    await writeFile(path, JSON.stringify(records));
    product = await startProduct(['--directory', directory, '--import', path]);
    await until('its span is known', async () => (await product?.status())?.span !== null, 120_000);
  });
  afterAll(async () => {
    await product?.close();
    await rm(directory, { recursive: true, force: true });
  });
  const open = pagesOf(() => product?.url ?? '');

  describe('months old', () => {
    it('opens over its own span', async () => {
      const page = await open('#/');
      expect(await page.getByRole('region', { name: 'Status' }).innerText()).toMatch(/^Import of audit\.json/);
      expect(await page.locator('.page-heading').innerText()).toMatch(/2026-09-/);
      expect(await page.locator('.kpi-value').first().innerText()).not.toBe('0');
    });

    it('fills workbooks, whose time range is that of the export', async () => {
      const page = await open('#/workbooks/soc-overview');
      expect(await page.getByLabel('Time range').inputValue()).toBe('custom');
      expect(await page.getByLabel('From (UTC)').inputValue()).toMatch(/^2026-09-1/);
      expect(await page.getByLabel('To (UTC)').inputValue()).toMatch(/^2026-09-1/);
      const tiles = await tilesOf(page);
      expect(tiles.filter(({ state }) => state !== 'answered')).toEqual([]);
      for (const name of ['kpis', 'turns-by-application', 'people'])
        expect(tiles.find((one) => one.name === name)?.things, name).toBeGreaterThan(0);
    });
  });
});
