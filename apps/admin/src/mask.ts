/** What stands in for letters that nobody has to see. Always as many, so that not even the length is told. */
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

function maskWord(word: string): string {
  return `${[...word][0] ?? ''}${dots}`;
}
