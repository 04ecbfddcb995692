export { knownSecrets, type KnownSecrets } from './known-secrets.ts';
export { redact } from './redact.ts';
export { redactText } from './redact-text.ts';
