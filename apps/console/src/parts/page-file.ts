import { lazy, type ComponentType } from 'react';

/** A part of the console that is fetched when it is first shown. */
export function pageFile<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch (cause) {
      // After an update the server has other files than the page that is open asks for.
      throw new Error('a file of the console could not be fetched. Was Proofbox updated? Reload the page', {
        cause,
      });
    }
  });
}
