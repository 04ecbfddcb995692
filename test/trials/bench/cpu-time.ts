import { readFileSync } from 'node:fs';

/** Of Linux: it counts processor time in hundredths of a second. */
const msPerTick = 10;

/** The processor time that these processes have used so far, in ms. */
export function cpuMsOf(pids: readonly number[]): number {
  return pids.reduce((total, pid) => total + cpuMs(pid), 0);
}

function cpuMs(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!;
  const [userTicks, systemTicks] = afterName.split(' ').slice(11, 13);
  return (Number(userTicks) + Number(systemTicks)) * msPerTick;
}
