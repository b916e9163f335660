import { Answer } from '../shell/answer.tsx';
import { queryHref } from '../shell/hash.ts';
import { namedRows, useRows } from '../shell/use-rows.ts';
import { figureOf } from './figures.ts';
import { Kpi } from './kpi.tsx';
import { exposureQuery, usageQuery } from './queries.ts';
import type { OverviewSpan } from './span.ts';

/** The figures at the top of the overview. */
export function Kpis({ span }: { readonly span: OverviewSpan }) {
  const [usage, exposure] = [usageQuery(span), exposureQuery(span)];
  const [usageAnswer, exposureAnswer] = [useRows(usage), useRows(exposure)];
  return (
    <div className="kpi-rows">
      <Answer of={usageAnswer} empty={undefined}>
        {(answer) => {
          const rows = namedRows(answer);
          return (
            <ul className="kpis">
              <Kpi
                label="Interactions"
                figure={figureOf(rows, 'Interactions')}
                remark="by people"
                href={queryHref(usage)}
              />
              <Kpi label="People" figure={figureOf(rows, 'People')} remark="who used Copilot" href={queryHref(usage)} />
              <Kpi label="Agents used" figure={figureOf(rows, 'Agents')} remark="distinct" href={queryHref(usage)} />
              <Kpi
                label="Copilot Credits"
                figure={figureOf(rows, 'Credits')}
                remark="billable, estimated"
                href={queryHref(usage)}
              />
            </ul>
          );
        }}
      </Answer>
      <Answer of={exposureAnswer} empty={undefined}>
        {(answer) => {
          const rows = namedRows(answer);
          const audited = figureOf(rows, 'Audited').total;
          return (
            <ul className="kpis">
              <Kpi
                label="Labelled reads"
                figure={figureOf(rows, 'Labelled')}
                remark="of content with a label"
                href={queryHref(exposure)}
              />
              <Kpi
                label="Blocked by policy"
                figure={figureOf(rows, 'Blocked')}
                remark={`${audited} audited only`}
                href={queryHref(exposure)}
              />
            </ul>
          );
        }}
      </Answer>
    </div>
  );
}
