export type Readiness = { status: number; body: { reasons: string[]; notes?: string[] } };

/** What `/readyz` of a process says. */
export async function readinessOf(url: string): Promise<Readiness> {
  const reply = await fetch(`${url}/readyz`);
  return { status: reply.status, body: (await reply.json()) as Readiness['body'] };
}
