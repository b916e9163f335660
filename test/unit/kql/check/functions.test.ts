import { describe, expect, it } from 'vitest';
import { parseFunction, readFunctions } from '../../../../kql/functions.ts';

const parse = (text: string, path = 'kql/functions/Demo.kql'): ReturnType<typeof parseFunction> =>
  parseFunction(path, text);

describe('parseFunction', () => {
  it('reads documentation, parameters and body, and where the let stands', () => {
    expect(parse('// One row per thing.\n//\n//   More.\nlet Demo = (days:timespan=1d) {\nT\n| take 1\n};\n')).toEqual({
      name: 'Demo',
      parameters: 'days:timespan=1d',
      body: '\nT\n| take 1\n',
      documentation: 'One row per thing.\n\n  More.',
      path: 'kql/functions/Demo.kql',
      lineOffset: 3,
    });
  });

  it('is not misled by braces and parentheses in texts, tables as parameters, and Windows line ends', () => {
    const { parameters, body } = parse(
      '// Doc.\r\nlet Demo=(T:(a:string), s:string=") {") {\r\n  let f = () { T };\r\n  f\r\n}  ;\r\n\r\n',
    );
    expect(parameters).toBe('T:(a:string), s:string=") {"');
    expect(body).toBe('\r\n  let f = () { T };\r\n  f\r\n');
  });

  it.for([
    ['no let', '// Doc.\nDemo = () { T };', 'no `let Name = (`'],
    ['code before the let', '// Doc.\nset x;\nlet Demo = () { T };', 'no `let Name = (`'],
    ['no end of the parameters', '// Doc.\nlet Demo = (a:string=")" { T };', 'does not end'],
    ['no brace', '// Doc.\nlet Demo = () T;', 'no `{`'],
    ['no end', '// Doc.\nlet Demo = () { T', 'no `};`'],
    ['a query behind it', '// Doc.\nlet Demo = () { T };\nDemo()', 'no `};`'],
    ['another name', '// Doc.\nlet Other = () { T };', 'named Other, the file Demo'],
    ['no documentation', 'let Demo = () { T };', 'no leading comment'],
  ] as const)('refuses %s by the name of the file', ([, text, reason]) => {
    expect(() => parse(text)).toThrow(reason);
    expect(() => parse(text)).toThrow(/^kql\/functions\/Demo\.kql: .*a function file holds/);
  });
});

describe('readFunctions', () => {
  it('finds none where there is no folder', () => expect(readFunctions('/no/such/folder')).toEqual([]));
});
