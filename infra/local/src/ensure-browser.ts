import { existsSync } from 'node:fs';
import { canInstall, install } from './apt-get.ts';
import { environment } from './environment.ts';
import { findOnPath } from './find-on-path.ts';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
/** Where macOS has it, which puts no program on the PATH. */
const macProgram = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

const whatToDo =
  'No browser: put chromium or google-chrome on the PATH, or set CHROMIUM_PATH, or run as root where apt-get exists.';

/**
 * A Chromium: the one of CHROMIUM_PATH, else one found on the PATH, else one installed with apt-get.
 * @returns its absolute path
 * @throws Error in one line that says what to do
 */
export async function ensureBrowser(options: { say?: (line: string) => void } = {}): Promise<string> {
  const given = environment().CHROMIUM_PATH;
  if (given !== undefined) return existing(given);
  return findBrowser() ?? installedBrowser(options);
}

function existing(program: string): string {
  if (existsSync(program)) return program;
  throw new Error(`CHROMIUM_PATH names a file that is not there: ${program}`);
}

function findBrowser(): string | undefined {
  return findOnPath(...programs) ?? (existsSync(macProgram) ? macProgram : undefined);
}

async function installedBrowser(options: { say?: (line: string) => void }): Promise<string> {
  if (!canInstall()) throw new Error(whatToDo);
  options.say?.('No browser here: installing chromium with apt-get (takes about a minute).');
  // Without a font it would show pages without words.
  const failure = await install('chromium', 'fonts-liberation').then(
    () => undefined,
    (error: Error) => error,
  );
  const program = findBrowser();
  if (program !== undefined) return program;
  throw new Error(`${whatToDo} (apt-get: ${failure?.message ?? 'it installed no chromium'})`, {
    cause: failure,
  });
}
