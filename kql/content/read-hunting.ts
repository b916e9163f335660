import { z } from 'zod';
import { readAll } from './content-error.ts';
import { type ContentFile, contentFiles, type FileOutcome, parseYaml, readYaml } from './content-file.ts';
import { huntTests } from './rule-tests.ts';
import {
  entityMappings,
  guid,
  kql,
  requiredDataConnectors,
  severities,
  tactics,
  technique,
  text,
  version,
} from './vocabulary.ts';

// Sentinel's YAML of a hunt: a rule without schedule. Unknown keys are errors, as in rules.
const huntSchema = z.strictObject({
  id: guid,
  name: text.max(256),
  description: text.max(5000),
  severity: z.enum(severities).optional(),
  status: text.optional(),
  requiredDataConnectors,
  tactics: z.array(z.enum(tactics)).default([]),
  relevantTechniques: z.array(technique).default([]),
  tags: z.array(text).default([]),
  query: kql,
  entityMappings,
  version: version.default('1.0.0'),
  metadata: z.unknown().optional(),
  tests: huntTests.default([]),
});

/** A hunt's file with its tests. */
export type HuntDocument = z.output<typeof huntSchema>;

/** Reads one file of a hunt. */
export const readHuntFile = (file: ContentFile): FileOutcome<HuntDocument> => readYaml(file, huntSchema);

/** A hunting query: a saved search that Sentinel lists under Hunting. */
export interface Hunt {
  /** File name without `.yaml`. */
  readonly file: string;
  /** GUID, lower case: the saved search's id. */
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly version: string;
  readonly description: string;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
}

/** The hunts of a folder; none where there is no folder. @throws ContentError naming file and field. */
export const readHunts = (directory: string): readonly Hunt[] =>
  readAll(contentFiles(directory, '.yaml'), (file) => {
    const { id, name, query, version: of, description, ...hunt } = parseYaml(file, huntSchema);
    return {
      file: file.name,
      id,
      name,
      query,
      version: of,
      description,
      tactics: hunt.tactics,
      techniques: hunt.relevantTechniques,
    };
  });
