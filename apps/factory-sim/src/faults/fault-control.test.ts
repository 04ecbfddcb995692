import { expect, test } from 'vitest';
import { createFaultControl } from './fault-control.ts';
import { createFaultSwitch } from './fault-switch.ts';

function controlOf(door: { shut: () => Promise<void>; open: () => Promise<void> }) {
  const faults = createFaultSwitch({ random: () => 0, logger: { info: () => undefined } });
  return { faults, setFault: createFaultControl({ faults, door, oven: { prepareForgery: async () => {} } }) };
}

test('changes made at once happen one after the other: the door is not opened while it is being shut', async () => {
  const events: string[] = [];
  const shutting = Promise.withResolvers<void>();
  const { faults, setFault } = controlOf({
    async shut() {
      events.push('shutting');
      await shutting.promise;
      events.push('shut');
    },
    async open() {
      events.push('open');
    },
  });
  const changes = [setFault({ kind: 'down' }), setFault(undefined)];
  await Promise.resolve();
  shutting.resolve();
  await Promise.all(changes);
  expect(events).toEqual(['shutting', 'shut', 'open']);
  expect(faults.status()).toEqual({ fault: null });
});

test('a change that fails is told, and does not stand in the way of the next', async () => {
  let isTaken = true;
  const { faults, setFault } = controlOf({
    shut: async () => undefined,
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
