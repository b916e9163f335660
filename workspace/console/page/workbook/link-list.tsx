import type { ReactNode } from 'react';
import { withText } from '../../../../kql/workbook/values.ts';
import type { LinksItem } from '../../../../kql/workbook/workbook.ts';
import { useView } from './view-context.ts';

/** Links in a row: they set a parameter, or open an address in a window of its own. */
export function LinkList({ item }: { readonly item: LinksItem }): ReactNode {
  const { values, set } = useView();
  return (
    <ul className="link-list">
      {item.links.map(({ label, action }) => (
        <li key={label}>
          {'url' in action ? (
            <SafeLink label={label} url={action.url} />
          ) : (
            <button
              type="button"
              onClick={() => {
                const value = withText(values, action.set, action.to).get(action.set)?.value;
                if (value !== undefined) set([{ name: action.set, value }]);
              }}
            >
              {label}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function SafeLink({ label, url }: { readonly label: string; readonly url: string }): ReactNode {
  // A file may say javascript: instead.
  if (!/^https:\/\//i.test(url)) return <span title={url}>{label}</span>;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      {label}
    </a>
  );
}
