import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Values } from '../../../../kql/workbook/workbook.ts';

/**
 * Brings what a choice has made visible into view, and tells it to those who cannot see it. Items carry the names of
 * the parameters they depend on in `data-shown-by`.
 */
export function useShownItems(
  page: RefObject<HTMLElement | null>,
  values: Values,
): { readonly announcement: string; readonly expect: (names: readonly string[]) => void } {
  const expected = useRef<readonly string[]>([]);
  const before = useRef<ReadonlySet<Element>>(new Set());
  const [announcement, setAnnouncement] = useState('');
  useEffect(() => {
    const names = expected.current;
    const shown = new Set(page.current?.querySelectorAll('[data-shown-by]'));
    const added = [...shown].filter((item) => !before.current.has(item));
    before.current = shown;
    const item = added.find((one) =>
      (one.getAttribute('data-shown-by') ?? '').split(' ').some((name) => names.includes(name)),
    );
    if (item === undefined) return;
    expected.current = [];
    item.scrollIntoView({ block: 'nearest' });
    const heading = item.querySelector('h2, h3, h4')?.textContent ?? '';
    setAnnouncement(heading === '' ? 'More is shown.' : `Shown: ${heading}`);
  }, [page, values]);
  return { announcement, expect: (names) => void (expected.current = names) };
}
