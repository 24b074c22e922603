/** Field: 18 px text and 48 px targets. Desk: 16 px text and denser rows. */
export type Surface = 'field' | 'desk';

/** Puts the document on a surface; to be called from an effect, it returns the way back. */
export function useSurface(surface: Surface): () => void {
  document.documentElement.dataset['surface'] = surface;
  return () => {
    delete document.documentElement.dataset['surface'];
  };
}
