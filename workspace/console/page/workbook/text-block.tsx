import { lazy, type ReactNode, Suspense } from 'react';
import { substituteMarkdown } from '../../../../kql/workbook/substitute.ts';
import type { TextItem } from '../../../../kql/workbook/workbook.ts';
import { useView } from './view-context.ts';

const Markdown = lazy(async () => ({ default: (await import('./markdown.tsx')).Markdown }));

/** Text of a workbook. Values in it are literal text, never Markdown. */
export function TextBlock({ item, level }: { readonly item: TextItem; readonly level: 2 | 3 | 4 }): ReactNode {
  const { values, now } = useView();
  const markdown = substituteMarkdown(item.markdown, values, now);
  if (markdown.trim() === '') return null;
  const text = (
    <Suspense fallback={<div className="text-wait" />}>
      <Markdown text={markdown} level={level} />
    </Suspense>
  );
  if (item.style === 'plain') return <div className="text">{text}</div>;
  const style = item.style === 'upsell' ? 'info' : item.style;
  return (
    <div className={`text notice notice-${style}`} role="note">
      <div>{text}</div>
    </div>
  );
}
