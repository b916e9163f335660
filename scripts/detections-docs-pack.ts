/** What the files of rules and hunts say of themselves: the facts that docs and the coverage function are made of. */
import { ContentError } from '../kql/content/content-error.ts';
import { type ContentFile, contentFiles, type FileOutcome, problemText } from '../kql/content/content-file.ts';
import { type HuntDocument, readHuntFile } from '../kql/content/read-hunting.ts';
import { readRuleFile, type RuleDocument } from '../kql/content/read-rules.ts';
import { argumentsOf, calledName, constantText, subject } from '../kql/check/lint-rule.ts';
import { type Schemas, schemas } from '../kql/check/schemas.ts';
import { readFunctions } from '../kql/functions.ts';

/** A rule or a hunt, and what its query reads. */
export interface Detection<Document> {
  /** File name without `.yaml`. */
  readonly file: string;
  /** From the root of the repository. */
  readonly path: string;
  readonly document: Document;
  /** Ids of the catalogue (`catalogue:A1`); the collector's own matters have none. */
  readonly catalogue: readonly string[];
  /** Fields of records that Microsoft sends without documenting them (`field:XPIADetected`). */
  readonly fields: readonly string[];
  /** Tables of other products. */
  readonly tables: readonly string[];
  readonly watchlists: readonly string[];
}

/** All that is shipped to detect with. */
export interface Pack {
  readonly rules: readonly Detection<RuleDocument>[];
  readonly hunts: readonly Detection<HuntDocument>[];
}

const isUnlike = <T>(item: T, index: number, all: readonly T[]): boolean => all.indexOf(item) === index;

/** What stands behind a prefix of tags, in their order. */
export const tagged = (tags: readonly string[], prefix: string): readonly string[] =>
  tags.flatMap((tag) => (tag.startsWith(`${prefix}:`) ? [tag.slice(prefix.length + 1)] : []));

/** Tables of other products and watchlists that a query names, sorted. */
function readBy(query: string, within: Schemas): Pick<Detection<never>, 'tables' | 'watchlists'> {
  const { nodes, lets, tableReferences } = subject('rule', within.language.analyze(query), within);
  const calls = nodes('FunctionCallExpression').filter((call) => calledName(call) === '_GetWatchlist');
  return {
    tables: tableReferences
      .map(({ name }) => name)
      .filter((name) => !within.ownTables.has(name))
      .filter(isUnlike)
      .toSorted(),
    watchlists: calls
      .flatMap((call) => constantText(argumentsOf(call)[0], { lets }) ?? [])
      .filter(isUnlike)
      .toSorted(),
  };
}

interface Tagged {
  readonly query: string;
  readonly tags: readonly string[];
}

function detections<Document extends Tagged>(
  files: readonly ContentFile[],
  folder: string,
  read: (file: ContentFile) => FileOutcome<Document>,
  within: Schemas,
): readonly Detection<Document>[] {
  return files.map((file) => {
    const outcome = read(file);
    if (!outcome.ok) throw new ContentError(outcome.problems.map(problemText));
    const { value } = outcome.parsed;
    return {
      file: file.name,
      path: `${folder}/${file.name}.yaml`,
      document: value,
      catalogue: tagged(value.tags, 'catalogue'),
      fields: tagged(value.tags, 'field'),
      ...readBy(value.query, within),
    };
  });
}

/** Reads rules and hunts below the root of the repository. @throws ContentError for a file that is none */
export function readPack(root: string): Pack {
  const within = schemas(readFunctions(`${root}kql/functions`));
  const [rules, hunts] = ['analytics-rules', 'kql/hunting'] as const;
  return {
    rules: detections(contentFiles(`${root}${rules}`, '.yaml'), rules, readRuleFile, within),
    hunts: detections(contentFiles(`${root}${hunts}`, '.yaml'), hunts, readHuntFile, within),
  };
}
