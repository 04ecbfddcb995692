import { z } from 'zod';

/**
 * What a page under a strict content security policy needs before anything else is loaded. `main.tsx` imports it first.
 */

/** Allows the style tags of this reply only; the server puts a new one into each. */
export const styleNonce: string =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// The name under which libraries that add a style tag (here for the scroll lock of dialogs) look for it.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });

// Else zod tries out whether it may compile code, and the browser reports that as a violation.
z.config({ jitless: true });
