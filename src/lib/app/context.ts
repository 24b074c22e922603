import { createContext } from 'svelte';
import type { App } from './open-app.ts';

/** The opened app of this tab, set by the layout of its surface. */
export const [useApp, provideApp] = createContext<App>();
