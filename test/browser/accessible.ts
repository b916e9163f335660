import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { settled } from '../../scripts/pictures/settled.ts';

/** What axe finds serious or critical on a page, in light and in dark: rule, element, and why. */
export async function violations(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const { violations: all } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    for (const { id, impact, nodes } of all)
      if (impact === 'serious' || impact === 'critical')
        found.push(
          ...nodes.map(({ target, failureSummary }) => `${colorScheme}, ${id}: ${target.join(' ')}: ${failureSummary}`),
        );
  }
  return found;
}
