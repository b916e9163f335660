import { int, letters, pick } from '../random.ts';
import { envelope } from './envelope.ts';
import { interaction, microsoftIdentity } from './interaction.ts';
import { fileResource, someFile } from './resources.ts';
import type { Family, Json, Scene } from './scene.ts';

/** Families that only faults schedule: hostile content, unusable times, and records far beyond the usual size. */
export const oddities: readonly Family[] = [
  odd('hostile', true, hostile),
  {
    ...odd('hostile-nesting', true, (scene) => ({ ...hostile(scene), Nested: nested(800) })),
    unstorable: true,
  },
  {
    ...odd('hostile-time', true, (scene) => ({
      ...hostile(scene),
      CreationTime: pick(scene.next, UNUSABLE_TIMES)[0],
    })),
    unstorable: true,
  },
  // About 2 MB: 5,000 accessed resources.
  odd('giant-record', true, (scene) =>
    interaction(scene, {
      appHost: 'BizChat',
      appIdentity: microsoftIdentity(scene.next),
      accessed: Array.from({ length: 5000 }, () => fileResource(scene.next, someFile(scene))),
    }),
  ),
  // About 100 KB each, a hundred in one blob.
  odd('bulk-noise', false, (scene) => ({
    ...envelope(scene, { recordType: 63, operation: 'FileRead', workload: 'Endpoint' }),
    EvidenceFile: { Name: 'export.csv', Preview: letters(scene.next, 100_000) },
  })),
];

function odd(name: string, copilot: boolean, record: Family['record']): Family {
  return { name, copilot, audience: 'anyone', weight: 0, perDay: 0, record };
}

const UNUSABLE_TIMES = [
  ['yesterday'],
  [''],
  ['2026-13-45T25:61:00'],
  ['2026-02-30T10:00:00'],
  [null],
  [0],
  [undefined],
] as const;

const NAMES = [
  '<img src=x onerror=alert(1)><script>alert(document.domain)</script>',
  '\u001B[2J\u001B[31mCRITICAL\u001B[0m\r\nlevel=error forged=line',
  '=HYPERLINK("https://www.contoso.example","open")',
  `'; drop table CopilotAudit_CL | take 1 //`,
  'lone \uD800 surrogate \uDFFF pair turned round',
  '\u202Etxt.exe\u202C and a NUL \u0000 inside',
  '__proto__',
  '${process.env.SECRET} {{constructor.constructor("return this")()}}',
  'ﷺ'.repeat(200),
] as const;

function hostile(scene: Scene): ReturnType<typeof interaction> {
  const { next } = scene;
  const name = pick(next, NAMES);
  const record = interaction(scene, {
    appHost: pick(next, ['BizChat', name]),
    appIdentity: microsoftIdentity(next),
    agent: { AgentId: name, AgentName: name },
    accessed: [
      fileResource(next, someFile(scene), { Name: name, SiteUrl: `javascript:alert(1)//${name}` }),
      null,
      'text',
      7,
    ],
    contexts: [null, { Id: name, Type: name }],
    more: oddField(scene),
  });
  // A computed key makes an own property, as JSON.parse does, and no prototype.
  return { ...record, ['__proto__']: { polluted: true }, constructor: { prototype: { polluted: true } }, '': name };
}

/** Something in CopilotEventData that a trusting reader falls over. */
function oddField(scene: Scene): { readonly [key: string]: Json } {
  switch (int(scene.next, 0, 4)) {
    case 0:
      return { Nested: nested(40) };
    case 1:
      return { Messages: ['text', null, { Id: 17, isPrompt: 'true' }] };
    case 2:
      return { Messages: { Id: 'not-a-list' }, Contexts: 'not-a-list' };
    case 3:
      return { ModelTransparencyDetails: [null, { ModelName: { nested: true } }] };
    default:
      return { ['__proto__']: { AppHost: 'Polluted' }, toString: 'not a function', hasOwnProperty: 1 };
  }
}

function nested(depth: number): Json {
  let value: Json = 'bottom';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { deeper: value };
  return value;
}
