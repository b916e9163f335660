/** Opens a workspace, answers one query, and prints the milliseconds: `node kql-client.ts DIRECTORY NOW QUERY`. */
import { directoryTables, workspaceEngine } from '../../workspace/workspace.ts';

const [, , directory = '', now = '', query = ''] = process.argv;
const kql = workspaceEngine();
const started = performance.now();
const prepared = kql.prepare(query);
const bound = performance.now();
const { rows } = prepared.run({ now: new Date(now), tables: directoryTables(directory) });
const ended = performance.now();
console.log(JSON.stringify({ bindMs: bound - started, runMs: ended - bound, rows: rows.length }));
