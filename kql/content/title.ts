// A name stays as it is written: Security Copilot.
const names = new Set(['Copilot']);

/** A file name as a title: `CopilotApprovedAIApps` and `copilot-approved-AI-apps` are "Copilot approved AI apps". */
export function titleOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    // The last capital of a row begins the next word: AIApps.
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => (/^[A-Z0-9]{2,}$/.test(word) || names.has(word) ? word : word.toLowerCase()));
  const title = words.join(' ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}
