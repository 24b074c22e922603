/** How the screen looks: by day, in the dark, in the glare of snow. */
export type Theme = 'light' | 'dark' | 'sun';

export const themes = ['light', 'dark', 'sun'] as const satisfies readonly Theme[];

const key = 'zimnik-theme';
const barColours: Record<Theme, string> = { light: '#f4f7f9', dark: '#0d1620', sun: '#ffffff' };

/** The theme that a person chose on this device; undefined while the device's own preference decides. */
function chosenTheme(): Theme | undefined {
  try {
    const stored = localStorage.getItem(key);
    return themes.find((theme) => theme === stored);
  } catch {
    // Storage is closed in some private windows: the device's preference stays.
    return undefined;
  }
}

/** The theme that is on the screen now. */
export function currentTheme(): Theme {
  return chosenTheme() ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

/** Puts the chosen theme on the document. Called by each program's entry before it draws anything. */
export function applyTheme(): void {
  const theme = chosenTheme();
  if (theme !== undefined) paint(theme);
}

/** Changes the theme at once and for the next starts of this device. */
export function chooseTheme(theme: Theme): void {
  paint(theme);
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Not stored: it holds until the window is closed.
  }
}

function paint(theme: Theme) {
  document.documentElement.dataset['theme'] = theme;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.setAttribute('content', barColours[theme]);
  }
}
