import { baked, says, type Answer, type Behaviour } from './answer.ts';

/** The same to each order. */
export function always(answer: Answer): Behaviour {
  return () => answer;
}

/** Something else from `from` to `until`, in ms since the start. */
export function between(
  from: number,
  until: number,
  during: Behaviour,
  otherwise: Behaviour = always(baked),
): Behaviour {
  return (call) => (call.at >= from && call.at < until ? during(call) : otherwise(call));
}

/** The same from `from` to `until`, in ms since the start of each minute. */
export function eachMinute(from: number, until: number, during: Behaviour): Behaviour {
  const inMinute = between(from, until, during);
  return (call) => inMinute({ ...call, at: call.at % 60_000 });
}

/** In turns of `everyMs`, good ones first. */
export function flapping(everyMs: number, bad: Answer): Behaviour {
  return ({ at }) => (Math.floor(at / everyMs) % 2 === 0 ? baked : bad);
}

/** By chance: the same order has the same luck at its nth call, whoever calls. */
export function failingSome(share: number, bad: Answer, seed: number): Behaviour {
  return ({ orderId, nth }) => (luckOf(`${seed} ${orderId} ${nth}`) < share ? bad : baked);
}

/** Bad orders fail, the others are baked. */
export function failingBadOnes(answer: Answer): Behaviour {
  return ({ isBad }) => (isBad ? answer : baked);
}

/** Bears so many calls within any second. */
export function limitedTo(rps: number, { retryAfterSeconds = 1 } = {}): Behaviour {
  const bakedAt: number[] = [];
  return ({ at }) => {
    while (bakedAt.length > 0 && bakedAt[0]! <= at - 1_000) bakedAt.shift();
    if (bakedAt.length >= rps) return says(429, { retryAfterSeconds });
    bakedAt.push(at);
    return baked;
  };
}

/** One answer to the first call from `from` on. */
export function onceFrom(from: number, answer: Answer): Behaviour {
  let isDone = false;
  return ({ at }) => {
    if (isDone || at < from) return baked;
    isDone = true;
    return answer;
  };
}

/** In [0, 1), spread evenly (FNV-1a, and then mixed). */
function luckOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
