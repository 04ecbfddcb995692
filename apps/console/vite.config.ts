import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const admin = 'http://127.0.0.1:4001';

/** `vite build` makes dist, which the admin server serves. `vite` serves the page over the admin server of `npm start`. */
export default defineConfig({
  plugins: [react()],
  // The admin server promises that what is under assets/ never changes; and what is inlined would be a data: URL.
  build: { assetsInlineLimit: 0, target: 'es2023', modulePreload: { polyfill: false } },
  server: { host: '127.0.0.1', proxy: { '/api': admin } },
});
