/** The command line of `npm start`. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';

// The simulated tenant has roles, and each needs a holder.
const FEWEST_USERS = 5;

const whole =
  (least: number, most: number, what: string) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`give ${what}.`);
  };

// npm starts us in the folder of the product, and says here where it was called.
const toPath = (text: string): string => resolve(process.env['INIT_CWD'] ?? '.', text);

const flagsSchema = z.object({
  headless: z.boolean().optional(),
  users: z.number(),
  days: z.number(),
  seed: z.string(),
  port: z.number(),
  directory: z.string().transform(toPath),
  tenant: z.boolean().optional(),
  import: z.array(z.string().transform(toPath)).optional(),
});

/** What was asked for. */
export type Flags = Readonly<z.output<typeof flagsSchema>>;

/** Reads the arguments of this process; ends it for wrong ones and for --help. */
export const readFlags = (directory: string): Flags =>
  flagsSchema.parse(
    new Command('npm start --')
      .description('Runs the product on this machine, against a simulated tenant unless told otherwise.')
      .option('--headless', 'no console: collect once and end with the summary table')
      .option(
        '--users <number>',
        'people in the simulated tenant',
        whole(FEWEST_USERS, 100_000, `a whole number of at least ${FEWEST_USERS}`),
        200,
      )
      .option(
        '--days <number>',
        'days of content; the feed reaches seven back',
        whole(1, 10_000, 'a whole number, 1 or more'),
        7,
      )
      .option('--seed <text>', 'same seed, same tenant', '1')
      .option(
        '--port <number>',
        'port of the console; 0 takes a free one',
        whole(0, 65_535, 'a port from 0 to 65535'),
        4280,
      )
      .option('--directory <folder>', 'where rows and state are kept, in a folder for each kind of start', directory)
      .addOption(new Option('--tenant', 'collect from the real tenant that the environment names').conflicts('import'))
      .option('--import <file...>', 'read exported audit logs instead')
      .parse()
      .opts(),
  );
