import { examples } from './examples.ts';

/** Queries to start from. */
export const ExamplesList = ({ onChoose }: { readonly onChoose: (query: string) => void }) => (
  <details className="panel" open>
    <summary>Examples</summary>
    <ul className="panel-list">
      {examples.map(({ title, query }) => (
        <li key={title}>
          <button type="button" className="panel-item" onClick={() => onChoose(query)}>
            {title}
          </button>
        </li>
      ))}
    </ul>
  </details>
);
