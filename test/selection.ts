/** What `npm test` was asked for. */
export type Selection = {
  /** All tests, and before them the static checks. */
  isWhole: boolean;
  /** The tests run again whenever a file is saved. */
  isWatch: boolean;
  /** Tests of the console's pages are among them. */
  hasBrowser: boolean;
  /** What vitest is told. */
  args: string[];
};

/** Options of vitest that have a value of their own behind them. */
const withValue = ['-t', '--testNamePattern', '--project', '--reporter', '--maxWorkers'];

/**
 * Reads the arguments of `npm test`: `--changed`, `--filter <part of a path>`, `--watch`, paths, and whatever else vitest
 * understands.
 * @param folders of whole processes in test/
 * @param changedFiles paths from the root of the repository; asked for only with `--changed`
 */
export function readSelection(
  given: readonly string[],
  { folders, changedFiles }: { folders: readonly string[]; changedFiles: () => readonly string[] },
): Selection {
  const paths: string[] = [];
  const options: string[] = [];
  const rest = [...given];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--filter') paths.push(rest.shift() ?? '');
    else if (arg.startsWith('--filter=')) paths.push(arg.slice('--filter='.length));
    else if (withValue.includes(arg)) options.push(arg, rest.shift() ?? '');
    else (arg.startsWith('-') ? options : paths).push(arg);
  }
  const isChanged = options.some((each) => each.split('=', 1)[0] === '--changed');
  const leftOut = isChanged ? untouched(folders, changedFiles()) : [];
  return {
    isWhole: given.length === 0,
    isWatch: options.includes('--watch'),
    hasBrowser: mayReach('test/browser/', paths) && !leftOut.includes('browser'),
    args: [
      ...options.filter((each) => each !== '--watch'),
      ...leftOut.flatMap((folder) => ['--exclude', `test/${folder}/**`]),
      ...paths,
    ],
  };
}

/** Nearly every change reaches the tests of whole processes, which take minutes: they count as changed when they are. */
function untouched(folders: readonly string[], changedFiles: readonly string[]): string[] {
  return folders.filter((folder) => !changedFiles.some((file) => file.startsWith(`test/${folder}/`)));
}

function mayReach(folder: string, paths: readonly string[]): boolean {
  return (
    paths.length === 0 || paths.some((each) => folder.startsWith(each) || each.includes(folder.slice(0, -1)))
  );
}
