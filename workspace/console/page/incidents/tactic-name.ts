/** `InitialAccess` as people write it: `Initial access`. */
export const tacticName = (tactic: string): string => {
  const words = tactic.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
