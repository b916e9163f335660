import type { ChartData } from './series.ts';

/** Largest parts of a pie first; what is beyond `most` parts becomes one. */
export function pieParts(
  data: ChartData,
  most: number,
): readonly { readonly key: string; readonly name: string; readonly value: number }[] {
  const [series] = data.series;
  const parts = (series?.points ?? [])
    .map(([x, value]) => ({ key: data.categories[x] ?? String(x), name: data.categories[x] ?? String(x), value }))
    .sort((left, right) => right.value - left.value);
  if (parts.length <= most) return parts;
  const rest = parts.slice(most - 1);
  const value = rest.reduce((sum, part) => sum + part.value, 0);
  return [...parts.slice(0, most - 1), { key: '', name: `${rest.length} others`, value }];
}
