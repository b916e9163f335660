import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { substituteText } from '../../../../kql/workbook/substitute.ts';
import type { QueryItem } from '../../../../kql/workbook/workbook.ts';
import { isChartKind } from '../chart/axes.ts';
import { Notice } from '../shell/notice.tsx';
import { answerOptions } from './answer-options.ts';
import { queryState } from './query-state.ts';
import { TileAnswer } from './tile-answer.tsx';
import { tileHeight } from './tile-height.ts';
import { TileTools } from './tile-tools.tsx';
import { useView } from './view-context.ts';

/** A query of a workbook with its answer; what goes wrong stays in the tile. */
export function QueryTile({ item, level }: { readonly item: QueryItem; readonly level: 2 | 3 | 4 }): ReactNode {
  const view = useView();
  const id = useId();
  const [shape, setShape] = useState<'drawn' | 'table'>('drawn');
  const state = queryState(item.query, view, view.now);
  const text = state.state === 'ready' ? state.text : '';
  const { data, error, isFetching, isPlaceholderData } = useQuery({
    ...answerOptions(text, view.version),
    enabled: state.state === 'ready',
    placeholderData: keepPreviousData,
  });
  const title = substituteText(item.title, view.values, view.now);
  const name = title === '' ? item.name : title;
  const isBare = item.visualization === 'tiles' || item.visualization === 'stat' || item.visualization === 'card';
  const hasShapes = isBare || isChartKind(item.visualization);
  const Heading = `h${level}` as const;
  const height = tileHeight(item);
  return (
    <section
      className={isBare && shape === 'drawn' ? 'query-tile bare' : 'query-tile card'}
      aria-labelledby={title === '' ? undefined : id}
      aria-label={title === '' ? item.name : undefined}
      aria-busy={isFetching}
      data-state={
        error !== null || data?.ok === false
          ? 'failed'
          : data === undefined || isPlaceholderData
            ? state.state
            : 'answered'
      }
    >
      <div className="query-head">
        {title === '' ? null : <Heading id={id}>{title}</Heading>}
        {isFetching ? <span className="query-busy" aria-hidden="true" /> : null}
        <TileTools
          name={name}
          query={text === '' ? item.query : text}
          isReady={text !== ''}
          shape={hasShapes ? shape : undefined}
          onShape={() => setShape(shape === 'table' ? 'drawn' : 'table')}
        />
      </div>
      <div className={isPlaceholderData ? 'query-body stale' : 'query-body'}>
        {state.state === 'unset' ? (
          <p className="tile-note">Choose {state.labels.join(', ')} first.</p>
        ) : error !== null ? (
          <Notice kind="error" title="No answer.">
            {error.message}
          </Notice>
        ) : data === undefined ? (
          <div className="tile-wait" style={{ minHeight: isBare ? 84 : height }} role="status">
            <span className="visually-hidden">Loading {name}</span>
          </div>
        ) : (
          <TileAnswer item={item} name={name} answer={data} shape={shape} height={height} />
        )}
        {item.problems.length === 0 ? null : (
          <details className="tile-problems">
            <summary>Not all is shown as the workbook says</summary>
            <ul>
              {item.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}
