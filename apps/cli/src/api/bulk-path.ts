/** The address of a bulk task, or of something that is done to it. */
export function bulkPath(id: string, deed?: 'pause' | 'resume' | 'abort'): string {
  const path = `/api/bulk/${encodeURIComponent(id)}`;
  return deed === undefined ? path : `${path}/${deed}`;
}
