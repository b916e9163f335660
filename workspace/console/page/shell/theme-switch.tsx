import { useState } from 'react';
import { keepTheme, keptTheme, themes } from './theme.ts';

const labels = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** Chooses light or dark. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(keptTheme);
  return (
    <label>
      Colours
      <select
        value={theme}
        onChange={({ target }) => {
          const chosen = themes.find((one) => one === target.value) ?? 'system';
          keepTheme(chosen);
          setTheme(chosen);
        }}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {labels[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
