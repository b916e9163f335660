/** A plan: what the program would deploy, found out by running it against the stand-in engine. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerOf } from './answers.ts';
import { configurationText, projectDefaults } from './configuration-text.ts';
import { invokeAnswer, type Surroundings, surroundings } from './invokes.ts';
import type { Registration } from './registration.ts';
import { runProgram } from './runner.ts';
import { type Recording, standInEngine } from './stand-in-engine.ts';
import { textAt, type Values } from './wire-values.ts';

/** The repository. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROJECT = 'copilot-sentinel';

export interface PlanOptions {
  /** Configuration by key; a key without a namespace belongs to the project; what is not text is handed over as JSON. */
  readonly config: Values;
  /** The same for secrets. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly stack?: string;
  /** With `true` as `pulumi preview` runs it: ids and outputs are unknown. Default: as `pulumi up`. */
  readonly preview?: boolean;
  /** Path of another program, and the project it belongs to; default: this one. */
  readonly program?: string;
  readonly directory?: string;
  /** What exists before; default: invented ids. */
  readonly around?: Partial<Surroundings>;
  /** Outputs of created resources by type, in place of the invented ones: a build that fails, for example. */
  readonly created?: Readonly<Record<string, Values>>;
  /** Environment of the program; default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Plan extends Recording {
  /** 0, or why the program failed is in `logs` and `printed`. */
  readonly exitCode: number | null;
  readonly printed: string;
  readonly mode: 'preview' | 'update';
  readonly around: Surroundings;
  /** Configuration as the program saw it, secrets left out. */
  readonly config: Readonly<Record<string, string>>;
  /** Texts that must not be shown. */
  readonly secretTexts: readonly string[];
}

/** The subscription of an explicit provider (`URN::id`), or the deployer's. */
function subscriptionOf(provider: string, known: readonly Registration[], around: Surroundings): string {
  const urn = provider.slice(0, provider.lastIndexOf('::'));
  return textAt(known.find((one) => one.urn === urn)?.inputs, 'subscriptionId') || around.subscriptionId;
}

/** Runs the program with a configuration and records what it registers. Never throws for a program that fails. */
export async function planOf(options: PlanOptions): Promise<Plan> {
  const stack = options.stack ?? 'dev';
  const directory = options.directory ?? ROOT;
  const mode = options.preview === true ? 'preview' : 'update';
  const config = configurationText(PROJECT, { ...(await projectDefaults(directory)), ...options.config });
  const secrets = configurationText(PROJECT, options.secrets ?? {});
  const around = { ...surroundings, ...options.around };
  const subscription = (provider: string): string => subscriptionOf(provider, engine.recording().registrations, around);
  const engine = await standInEngine({
    project: PROJECT,
    stack,
    mode,
    answer: (registration) => {
      const { id, outputs } = answerOf(registration, subscription(registration.provider));
      return { id, outputs: { ...outputs, ...options.created?.[registration.type] } };
    },
    invoke: (invoke) => invokeAnswer(invoke, { ...around, subscriptionId: subscription(invoke.provider) }),
  });
  try {
    const ended = await runProgram({
      program: options.program ?? join(directory, 'infra/index.ts'),
      directory,
      project: PROJECT,
      stack,
      mode,
      address: engine.address,
      config: { ...config, ...secrets },
      secretKeys: Object.keys(secrets),
      // Compiling azure-native anew is a third of a run.
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'copilot-sentinel-compiled'), ...(options.env ?? process.env) },
      deadlineMs: 120_000,
    });
    return { ...engine.recording(), ...ended, mode, around, config, secretTexts: Object.values(secrets) };
  } finally {
    engine.stop();
  }
}
