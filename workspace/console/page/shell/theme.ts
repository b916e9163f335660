/** Light, dark, or what the system says. Kept in this browser; style/tokens.css has the colours. */

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'copilot-sentinel.theme';
const isDark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)');

/** What this browser has kept. */
export function keptTheme(): Theme {
  try {
    const kept = window.localStorage.getItem(KEY);
    return themes.find((theme) => theme === kept) ?? 'system';
  } catch {
    // Storage may be switched off: the choice then lasts as long as the page.
    return 'system';
  }
}

function show(theme: Theme): void {
  const shown = theme === 'system' ? (isDark().matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset['theme'] = shown;
}

/** Shows the kept theme and follows the system where that is the choice. Called once. */
export function applyTheme(): void {
  show(keptTheme());
  isDark().addEventListener('change', () => show(keptTheme()));
}

/** Shows a theme and keeps it. */
export function keepTheme(theme: Theme): void {
  try {
    window.localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
  show(theme);
}
