/** `npm run package [-- --out DIR]`: the solution for Content Hub, from the content that Pulumi deploys. */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { writePackage } from './write-package.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const command = new Command('npm run package --')
  .description('Writes mainTemplate.json and createUiDefinition.json, for teams that cannot run Pulumi')
  .option('--out <directory>', 'where to write them', 'dist/package')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(({ out }: { readonly out: string }) => {
    try {
      for (const { path, bytes } of writePackage(root, out)) process.stdout.write(`${path} ${bytes} bytes\n`);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    }
  });

command.parse();
