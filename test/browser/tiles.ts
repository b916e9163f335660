/** What the tiles of an open workbook show. */
import type { Page } from 'playwright-core';

/** A tile as a reader sees it. */
export interface Tile {
  /** Of the item in the file. */
  readonly name: string;
  readonly state: 'answered' | 'failed' | 'unset' | 'waiting';
  /** Instead of rows: its noDataMessage, or what to choose first. */
  readonly note: string | null;
  /** Errors, warnings, and what is not shown as the file says. */
  readonly remarks: readonly string[];
  /** Rows of a grid, tiles of a list; a chart that is drawn counts as one. */
  readonly things: number;
}

// A canvas that nothing has been drawn on is transparent everywhere. A copy is read: the browser warns of reading often.
const read = `[...document.querySelectorAll('main section.query-tile')].map((tile) => {
  const canvas = tile.querySelector('.chart-canvas canvas');
  let isDrawn = false;
  if (canvas !== null && canvas.width > 0 && canvas.height > 0) {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    isDrawn = copy.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value !== 0);
  }
  return {
    name: tile.closest('[data-item]').dataset.item,
    state: tile.dataset.state,
    note: tile.querySelector('.tile-note')?.textContent ?? null,
    remarks: [...tile.querySelectorAll('.notice, .tile-problems')].map((one) => one.textContent),
    things: tile.querySelectorAll('tbody tr, .tiles > .tile').length + (isDrawn ? 1 : 0),
  };
})`;

/** The tiles that are there now, in their order. */
export const tilesOf = async (page: Page): Promise<readonly Tile[]> => page.evaluate<Tile[]>(read);

/** The tile of an item. */
export const tile = (page: Page, item: string) => page.locator(`[data-item="${item}"] > section`);

/** The figure of a tile with a title, as a number. */
export async function figure(page: Page, item: string, title: string): Promise<number> {
  const one = tile(page, item).locator('.tile', { has: page.getByText(title, { exact: true }) });
  return Number((await one.locator('.tile-figure').innerText()).replaceAll(',', ''));
}
