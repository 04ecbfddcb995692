import { expect, test } from 'vitest';
import { createFaultControl } from './fault-control.ts';
import { createFaultSwitch } from './fault-switch.ts';

function controlOf(listener: { close: () => Promise<void>; open: () => Promise<void> }) {
  const faults = createFaultSwitch({ random: () => 0, logger: { info: () => undefined } });
  return {
    faults,
    setFault: createFaultControl({ faults, listener, signer: { prepareForgery: async () => {} } }),
  };
}

test('changes at once happen one after the other: the listener never opens while it closes', async () => {
  const events: string[] = [];
  const closing = Promise.withResolvers<void>();
  const { faults, setFault } = controlOf({
    async close() {
      events.push('closing');
      await closing.promise;
      events.push('closed');
    },
    async open() {
      events.push('open');
    },
  });
  const changes = [setFault({ kind: 'down' }), setFault(undefined)];
  await Promise.resolve();
  closing.resolve();
  await Promise.all(changes);
  expect(events).toEqual(['closing', 'closed', 'open']);
  expect(faults.status()).toEqual({ fault: null });
});

test('a change that fails is told, and does not stand in the way of the next', async () => {
  let isTaken = true;
  const { faults, setFault } = controlOf({
    close: async () => undefined,
    async open() {
      if (isTaken) throw new Error('the port is taken');
    },
  });
  await setFault({ kind: 'down' });
  await expect(setFault(undefined)).rejects.toThrow('the port is taken');
  isTaken = false;
  await setFault({ kind: 'reset', percent: 100 });
  expect(faults.status()).toMatchObject({ fault: { kind: 'reset' } });
});
