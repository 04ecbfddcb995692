import { overview, type Overview } from '@proofbox/contract/admin/overview';
import type { Command } from 'commander';
import { openApi } from '../../api/open-api.ts';
import { addFormatOptions, type FormatOptions } from '../../options/format-options.ts';
import { invocation } from '../../session/invocation.ts';
import { printableJson } from '@proofbox/runtime/printable';
import type { Session } from '../../session/session.ts';
import { statsView } from './stats-view.ts';
import { createPaint } from '../../terminal/terminal.ts';

type StatsOptions = FormatOptions & { watch?: boolean };

/** `proofbox stats` */
export function defineStats(command: Command, session: Session): void {
  command
    .description(
      'Counts orders by state, checks that every accepted order is accounted for, and shows workers, factories and what needs an operator.',
    )
    .option('-w, --watch', 'show it anew each second, until Ctrl-C');
  addFormatOptions(command, { json: 'the overview of the API; with --watch one on each line' })
    .addHelpText(
      'after',
      `
Examples:
  ${invocation} stats --watch
  ${invocation} stats --json | jq '.counts.dead + .counts.held'
`,
    )
    .action((options: StatsOptions) => showStats(session, options));
}

async function showStats(session: Session, { watch, json }: StatsOptions): Promise<void> {
  const { terminal, now } = session;
  const api = openApi(session);
  const read = (): Promise<Overview> => api.get('/api/overview', overview);
  if (watch) {
    const { watchStats } = await import('./stats-watch.ts');
    return watchStats(terminal, { read, json: json ?? false });
  }
  const current = await read();
  terminal.out(
    json
      ? printableJson(current)
      : statsView(current, { paint: createPaint(terminal), now, width: terminal.width }),
  );
}
