import { isAccepted } from '../../engine/binder-overrides.ts';
import type { Diagnostic } from '../../engine/language/language.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** Queries that bind as the workbook opens, and not with what a reader may choose. */
export const bound: WorkbookRule = {
  code: 'KQL039',
  title: 'Every query binds with All, with nothing and with each choice.',
  *remarks({ queries, bind }) {
    for (const { name, path, sent } of queries) {
      const errorIn = (text: string): Diagnostic | undefined =>
        bind(text).diagnostics.find((found) => found.severity === 'Error' && !isAccepted(found, text));
      // As the workbook opens, the query is linted like any other.
      if (errorIn(sent[0].text) !== undefined) continue;
      for (const { variant, text, toOriginal } of sent.slice(1)) {
        const wrong = errorIn(text);
        if (wrong === undefined) continue;
        yield {
          at: path,
          offset: toOriginal(wrong.start),
          message: `${name} ${variant}: ${wrong.code} ${wrong.message}`,
        };
        break;
      }
    }
  },
};
