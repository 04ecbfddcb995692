import path from 'node:path';
import { buildApps } from './build/build-apps.ts';
import { buildConsole } from './build/build-console.ts';
import { appNames, appScript, repositoryRoot } from './repository.ts';

/** `npm run build`: the apps and the console, each into its `dist`. */
await Promise.all([
  buildApps(),
  buildConsole({ say: (line) => void process.stderr.write(`proofbox: ${line}\n`) }),
]);
const folders = [...appNames.map((app) => path.dirname(appScript(app))), 'apps/console/dist'];
for (const folder of folders)
  process.stdout.write(`${path.relative(repositoryRoot, path.resolve(folder))}\n`);
