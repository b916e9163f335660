import { z } from 'zod';
import { readAll } from './content-error.ts';
import { contentFiles, parseYaml } from './content-file.ts';
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
  tests: z.unknown().optional(),
});

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

/** Tags by which Sentinel's Hunting page knows a saved search. */
export const huntTags = (hunt: Hunt): { name: string; value: string }[] => [
  { name: 'description', value: hunt.description },
  { name: 'tactics', value: hunt.tactics.join(',') },
  { name: 'techniques', value: hunt.techniques.join(',') },
];
