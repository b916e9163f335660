/** `npm run plan`: the deployment without a cloud. */
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { readExample } from './example.ts';
import { planOf } from './plan.ts';
import { failureOf, jsonOf, pageOf } from './shown.ts';
import { defaultVolume } from './volume.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
/** A new workspace and the defaults of Pulumi.yaml. */
const DEFAULT = { config: { 'azure-native:location': 'westeurope' }, secrets: {} };

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('must be a number above 0');
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
    process.stderr.write(`${failureOf(plan)}\n`);
    return 1;
  }
  const volume = { ...defaultVolume, users: options.users, interactionsPerDay: options.interactions };
  process.stdout.write(`${options.json === true ? jsonOf(plan, volume) : pageOf(plan, volume)}\n`);
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
