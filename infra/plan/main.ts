/** `npm run plan`: the deployment without a cloud. */
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { Command, InvalidArgumentError } from 'commander';
import { toArm } from './arm.ts';
import { costOf } from './cost.ts';
import { readExample } from './example.ts';
import { masked } from './masked.ts';
import { type Plan, planOf } from './plan.ts';
import { requiredPermissions } from './required-permissions.ts';
import { consentLines, costTable, permissionTable, resourceTree } from './tree.ts';
import { defaultVolume } from './volume.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
/** A new workspace and the defaults of Pulumi.yaml. */
const DEFAULT = { config: { 'azure-native:location': 'westeurope' }, secrets: {} };
const LOG_ERROR = 3;

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('must be a number above 0');
}

/** What a failed program said, without the stack that Pulumi adds. */
function reason(plan: Plan): string {
  const said = plan.logs.filter(({ severity }) => severity >= LOG_ERROR).map(({ message }) => message);
  const text = stripVTControlCharacters(said.length === 0 ? plan.printed : said.join('\n'));
  const lines = text.split('\n').filter((line) => !/^\s+at .*(:\d+:\d+\)?|\))$/.test(line));
  return String(masked(lines.join('\n').trim(), plan.secretTexts));
}

interface Options {
  readonly json?: true;
  readonly users: number;
  readonly interactions: number;
}

async function run(example: string | undefined, options: Options): Promise<number> {
  const configuration = example === undefined ? DEFAULT : await readExample(example, EXAMPLES);
  const plan = await planOf(configuration);
  if (plan.exitCode !== 0) {
    process.stderr.write(`${reason(plan)}\n`);
    return 1;
  }
  const resources = toArm(plan);
  const permissions = requiredPermissions(plan, resources);
  const volume = { ...defaultVolume, users: options.users, interactionsPerDay: options.interactions };
  const cost = costOf(resources, volume);
  const consent = consentLines(plan);
  const page = [
    resourceTree(plan, resources),
    `Permissions\n${permissionTable(permissions)}`,
    ...(consent === '' ? [] : [`An administrator has to run\n${consent}`]),
    `Cost a month, list prices in USD\n${costTable(cost)}`,
    ...plan.logs.map(({ message }) => stripVTControlCharacters(message)),
  ].join('\n\n');
  const shown = masked(options.json === true ? { resources, permissions, cost } : page, plan.secretTexts);
  process.stdout.write(`${typeof shown === 'string' ? shown : JSON.stringify(shown, null, 2)}\n`);
  return 0;
}

const command = new Command('plan')
  .description('What pulumi up would create, what it needs and what it costs, found out without a cloud or an account')
  .argument('[example]', 'name in examples/, or path of a stack file; default: a new workspace')
  .option('--json', 'resources as Azure receives them, permissions and cost')
  .option('--users <number>', 'people who use Copilot', positive, defaultVolume.users)
  .option('--interactions <number>', 'records of each of them a day', positive, defaultVolume.interactionsPerDay)
  .action(async (example: string | undefined, options: Options) => {
    process.exitCode = await run(example, options);
  });

try {
  await command.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
