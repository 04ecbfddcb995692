import { expect, test } from 'vitest';
import { adminTokenEntry, withAdminToken } from './admin-tokens.ts';

const kept = 'pbx_kept';
const ann = adminTokenEntry('ann', 'viewer', 'pbx_ann');
const ours = adminTokenEntry('admin', 'admin', kept);

test.for<[string, string | undefined, string]>([
  ['nobody else', undefined, ours],
  ['somebody else', ann, `${ann},${ours}`],
  ['itself', `${ann}, ${ours}`, `${ann},${ours}`],
  [
    'another admin',
    adminTokenEntry('admin', 'admin', 'pbx_other'),
    `${adminTokenEntry('admin', 'admin', 'pbx_other')},${adminTokenEntry('npm-start', 'admin', kept)}`,
  ],
])('the kept token gets in beside %s', ([, theirs, all]) => {
  expect(withAdminToken(theirs, kept)).toBe(all);
});
