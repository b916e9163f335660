/** Which rules found which campaigns, as tables. */
import type { CampaignResult } from './campaign-run.ts';

const of = (results: readonly CampaignResult[], variant: string): readonly CampaignResult[] =>
  results.filter(({ job }) => job.variant === variant);

const names = (results: readonly CampaignResult[]): readonly string[] => [
  ...new Set(results.map(({ job }) => job.name)),
];

/** By campaign and rule: found in how many seeds, and raised in how many below the threshold. */
export function recallTable(results: readonly CampaignResult[], isMarkdown: boolean): string {
  const lines: (readonly string[])[] = [['Campaign', 'Rule', 'Found', 'Below the threshold']];
  for (const name of names(results)) {
    const own = results.filter(({ job }) => job.name === name);
    for (const rule of new Set(own.flatMap(({ truth }) => truth.rules))) {
      const share = (variant: string): string => {
        const told = of(own, variant).filter(({ truth }) => truth.rules.includes(rule));
        const found = told.filter(({ findings }) => findings.some((one) => one.rule === rule && one.found));
        return told.length === 0 ? '' : `${found.length} of ${told.length}`;
      };
      const isMissing = own.some(({ missing }) => missing.includes(rule));
      lines.push([name, isMissing ? `${rule} (no such rule)` : rule, share('attack'), share('below')]);
    }
  }
  if (isMarkdown) {
    const [head = '', ...rest] = lines.map((cells) => `| ${cells.join(' | ')} |`);
    return [head, '| --- | --- | ---: | ---: |', ...rest].join('\n');
  }
  return lines.map((cells) => cells.map((cell) => cell.padEnd(22)).join('')).join('\n');
}

/** Recall of each seed: all campaigns and rules of it. */
export function seedLines(results: readonly CampaignResult[]): readonly string[] {
  return [...Map.groupBy(of(results, 'attack'), ({ job }) => job.seed)].map(([seed, own]) => {
    const findings = own.flatMap((result) => result.findings);
    const found = findings.filter((one) => one.found).length;
    return `seed ${seed}: ${found} of ${findings.length}`;
  });
}

/** What was missed, found though it is below the threshold, or could not run. */
export const missed = (results: readonly CampaignResult[]): readonly string[] =>
  results.flatMap(({ job: { name, seed, variant }, findings, missing, failures }) => {
    const about = `${name} seed ${seed}`;
    return [
      ...findings
        .filter(({ found }) => found !== (variant === 'attack'))
        .map(({ rule }) => (variant === 'attack' ? `MISSED ${about}: ${rule}` : `TOO MUCH ${about}: ${rule} below it`)),
      ...missing.map((rule) => `NO RULE ${about}: ${rule}`),
      ...failures.map((failure) => `FAILED ${about}: ${failure}`),
    ];
  });
