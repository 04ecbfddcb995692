import { useEffect, useRef } from 'react';

/**
 * A new page begins at its top, with the focus on its content, so that a screen reader reads it. Going back returns to
 * where one was, which the browser does by itself.
 */
export function usePageStart(path: string): void {
  const seen = useRef(path);
  const wentBack = useRef(false);
  useEffect(() => {
    const note = (): void => {
      wentBack.current = true;
    };
    globalThis.addEventListener('popstate', note);
    return () => globalThis.removeEventListener('popstate', note);
  }, []);
  useEffect(() => {
    if (seen.current === path) return;
    seen.current = path;
    const isBack = wentBack.current;
    wentBack.current = false;
    if (isBack) return;
    globalThis.scrollTo(0, 0);
    document.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true });
  }, [path]);
}
