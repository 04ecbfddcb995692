import {
  Badge,
  Button,
  createTheme,
  Modal,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** The one colour that stands for "can be pressed" and "is chosen". States have colours of their own. */
const proof: MantineColorsTuple = [
  '#eef0fd',
  '#dbdff7',
  '#b5bcec',
  '#8d98e2',
  '#6b79da',
  '#5666d5',
  '#4a5bd4',
  '#3c4cbc',
  '#3443a9',
  '#293995',
];

/** Greys with a little blue; the dark page is calm rather than black. */
const dark: MantineColorsTuple = [
  '#d5d8e0',
  '#b4b9c6',
  '#9299aa',
  '#666e82',
  '#3f4656',
  '#323846',
  '#262b36',
  '#1c2029',
  '#161a21',
  '#101319',
];

export const theme = createTheme({
  primaryColor: 'proof',
  primaryShade: { light: 6, dark: 5 },
  colors: { proof, dark },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  components: {
    Button: Button.extend({ defaultProps: { fw: 500 } }),
    Modal: Modal.extend({
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600 } },
    }),
    Badge: Badge.extend({ defaultProps: { lts: 0 } }),
  },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
});

/** Colours of text that Mantine takes too faint: all text has a contrast of 4.5 to 1 at least. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': 'var(--mantine-color-gray-7)',
    '--mantine-color-teal-light-color': '#05573f',
    '--mantine-color-yellow-light-color': '#704600',
  },
  dark: {
    '--mantine-color-dimmed': 'var(--mantine-color-dark-1)',
    '--mantine-color-anchor': 'var(--mantine-color-proof-2)',
  },
});
