import type { EntityView } from '../../api.ts';
import { queryHref } from '../shell/hash.ts';
import { entityQuery } from './evidence-query.ts';

function EntityLine({ entity }: { readonly entity: EntityView }) {
  const query = entityQuery(entity);
  const [[, name] = ['', ''], ...others] = Object.entries(entity.identifiers);
  return (
    <li className="entity">
      <span className="tag">{entity.type}</span>
      <span className="entity-text">
        {name}
        {others.map(([key, value]) => (
          <span key={key} className="small muted entity-more">
            {key} {value}
          </span>
        ))}
      </span>
      {query === undefined ? undefined : (
        <a className="small" href={queryHref(query)}>
          Activity<span className="visually-hidden"> of {name}</span>
        </a>
      )}
    </li>
  );
}

/** Who and what an incident is about. Names are text, whatever they hold. */
export function EntityList({ entities }: { readonly entities: readonly EntityView[] }) {
  if (entities.length === 0) return <p className="muted">The alerts name no entity.</p>;
  return (
    <ul className="entities">
      {entities.map((entity) => (
        <EntityLine key={JSON.stringify(entity)} entity={entity} />
      ))}
    </ul>
  );
}
