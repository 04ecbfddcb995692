import { styleText } from 'node:util';
import type { WriteStream } from 'node:tty';
import type { FactoryName } from '@proofbox/contract';
import { createLogUpdate } from 'log-update';
import type { Scene } from './scene.ts';
import { seconds, type View } from './view.ts';

type Style = Parameters<typeof styleText>[0];

/** For a terminal: the phases so far, and below them one block that is drawn over and over. */
export function createLiveView(terminal: WriteStream): View {
  const block = createLogUpdate(terminal);
  const style = (format: Style, text: string): string => styleText(format, text, { stream: terminal });

  function factory(scene: Scene, name: FactoryName): string {
    const { label, breaker } = scene.factories[name];
    const color = label === 'healthy' ? 'green' : 'red';
    return `${name.padEnd(19)} ${style(color, label.padEnd(28))} worker ${breaker}`;
  }

  return {
    say: (line) => block.persist(line),
    phase: (phase, elapsedMs) => block.persist(`${seconds(elapsedMs)}  ${style('bold', phase.label)}`),
    show(scene) {
      const { accepted, fulfilled, waiting, withTicket, refused, dead, synchronous } = scene;
      const left = scene.leftMs === undefined ? '' : `, ${seconds(scene.leftMs).trimStart()} left`;
      block(
        [
          '',
          style('dim', `${seconds(scene.elapsedMs)}  ${scene.phase.name}${left}`),
          columns('Proofbox', { accepted, fulfilled, waiting }) +
            more({ 'with a ticket': withTicket, refused, 'dead letters': dead }),
          columns('synchronous client', synchronous),
          factory(scene, 'primary'),
          factory(scene, 'fallback'),
        ].join('\n'),
      );
    },
    end() {
      block.clear();
      block.done();
    },
  };
}

function columns(who: string, counts: Record<string, number>): string {
  const label = Object.entries(counts).map(([what, count]) => `${what} ${String(count).padEnd(5)}`);
  return `${who.padEnd(19)} ${label.join('')}`;
}

/** What is worth a word only when it happens. */
function more(counts: Record<string, number>): string {
  const label = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  return label.length > 0 ? `(${label.join(', ')})` : '';
}
