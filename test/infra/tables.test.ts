import { describe, expect, it } from 'vitest';
import { tables as definitions } from '../../collector/schema/index.ts';
import { IMAGE, planned } from './runs.ts';

const config = { 'image.ref': IMAGE, 'tables.retentionInDays': 120, 'tables.totalRetentionInDays': 730 };
const run = async () => {
  const plan = await planned({ config });
  return plan.registrations.filter(({ type }) => type.endsWith(':Table'));
};

describe('tables', () => {
  it('are those of the schema, each named after its table and not after a place in a list', async () => {
    expect((await run()).map(({ name }) => name).sort()).toEqual(definitions.map(({ name }) => `table-${name}`).sort());
  });

  it.each(definitions)('$name has the columns of its definition, in the types of a table', async (definition) => {
    const found = (await run()).find(({ name }) => name === `table-${definition.name}`);
    if (found === undefined) throw new Error(`${definition.name} is not registered`);
    expect(found.inputs).toMatchObject({ tableName: definition.name, schema: { name: definition.name } });
    const { columns } = found.inputs['schema'] as { readonly columns: readonly { name: string; type: string }[] };
    expect(columns.map(({ name, type }) => [name, type])).toEqual(
      Object.entries(definition.columns).map(([name, { type }]) => [name, type === 'datetime' ? 'dateTime' : type]),
    );
    expect(columns.map(({ name }) => name)).toContain('TimeGenerated');
  });

  it('have plan and retention of the configuration', async () => {
    for (const { inputs } of await run())
      expect(inputs).toMatchObject({ plan: 'Analytics', retentionInDays: 120, totalRetentionInDays: 730 });
  });

  it('change in place: no change of the schema may replace one', async () => {
    for (const one of await run()) expect([one.replaceOnChanges, one.deleteBeforeReplace]).toEqual([[], false]);
  });
});
