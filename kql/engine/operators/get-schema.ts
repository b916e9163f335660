import { fromRows } from '../relation.ts';
import type { Operator } from '../scope.ts';
import type { Type } from '../values/types.ts';

// Kusto answers with the .NET types that its results arrive in: a bool is a signed byte.
const dotnetTypes: Readonly<Record<Type, string>> = {
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  string: 'System.String',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  dynamic: 'System.Object',
};

const getSchema: Operator = (_, { relation }) =>
  fromRows(
    [
      { name: 'ColumnName', type: 'string' },
      { name: 'ColumnOrdinal', type: 'int' },
      { name: 'DataType', type: 'string' },
      { name: 'ColumnType', type: 'string' },
    ],
    relation.columns.map(({ name, type }, index) => [name, index, dotnetTypes[type], type]),
    'serialized',
  );

export const getSchemaOperators: Readonly<Record<string, Operator>> = { GetSchemaOperator: getSchema };
