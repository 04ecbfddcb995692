/** Stands for letters that nobody has to see. Always as many, so that not even the length is revealed. */
const dots = '•••';

/** `pizza diner` becomes `p••• d•••`. */
export function maskName(name: string): string {
  return name.trim().split(/\s+/).filter(Boolean).map(maskWord).join(' ');
}

/** `d@jwt.com` becomes `d•••@j•••`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at === -1) return maskName(email);
  return `${maskWord(email.slice(0, at))}@${maskWord(email.slice(at + 1))}`;
}

/** The numbers and random ids of a database do not reveal a person. A number that could be a telephone's does. */
const saysNothing = /^-?\d{1,9}$|^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** An id that may be an e-mail or a name is shown like one: `d@jwt.com` becomes `d•••@j•••`, `42` stays. */
export function maskId(id: string): string {
  return saysNothing.test(id) ? id : maskEmail(id);
}

function maskWord(word: string): string {
  return `${[...word][0] ?? ''}${dots}`;
}
