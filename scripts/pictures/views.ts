/** What is shown in pictures, and how one gets there. */
import type { Page } from 'playwright-core';
import { settled } from './settled.ts';

/** A picture. */
export interface View {
  /** Of its file. */
  readonly name: string;
  readonly hash: string;
  readonly colors?: 'dark';
  /** Goes on from the address. */
  readonly goOn?: (page: Page) => Promise<void>;
  /** Of the picture, in pixels. */
  readonly height?: number;
}

const query = `CopilotTurns(ago(7d))
| summarize Turns = count() by Time = bin(EventTime, 6h), Surface = SurfaceGroup
| where Surface in ("Chat", "Office", "Outlook", "SharePoint", "Teams")
| sort by Time asc
| render areachart`;

const firstRow = async (page: Page, item: string): Promise<void> => {
  await page.locator(`[data-item="${item}"] tbody tr`).first().click();
  await settled(page);
};

export const views: readonly View[] = [
  { name: 'overview', hash: '#/' },
  { name: 'overview-dark', hash: '#/', colors: 'dark' },
  { name: 'incidents', hash: '#/incidents' },
  {
    name: 'incident',
    hash: '#/incidents?severity=High',
    goOn: async (page) => {
      await page.locator('.incident-table tr', { hasText: 'collection-restricted-site' }).locator('a').first().click();
      await page.locator('.incident-facts').waitFor();
      await settled(page);
    },
  },
  { name: 'soc-overview', hash: '#/workbooks/soc-overview' },
  { name: 'soc-overview-signal', hash: '#/workbooks/soc-overview?Tab=signal' },
  {
    name: 'soc-overview-thread',
    hash: '#/workbooks/soc-overview?Tab=signal',
    goOn: async (page) => {
      await firstRow(page, 'riskiest-people');
      await firstRow(page, 'person-threads');
      // Below the bar that stays at the top.
      await page.locator('[data-item="person-detail"]').evaluate('(item) => item.scrollIntoView()');
      await page.evaluate('window.scrollBy(0, -60)');
    },
  },
  { name: 'data-exposure', hash: '#/workbooks/data-exposure' },
  { name: 'agents-and-cost', hash: '#/workbooks/agents-and-cost' },
  { name: 'agents-and-cost-credits', hash: '#/workbooks/agents-and-cost?Tab=credits' },
  { name: 'security-copilot', hash: '#/workbooks/security-copilot' },
  { name: 'adoption', hash: '#/workbooks/adoption' },
  { name: 'collector-health', hash: '#/workbooks/collector-health' },
  {
    name: 'query',
    hash: `#/query?q=${encodeURIComponent(query)}`,
    height: 860,
    // The list of functions comes after the result.
    goOn: (page) => page.locator('.query-side .entry').first().waitFor(),
  },
  { name: 'health', hash: '#/health' },
];
