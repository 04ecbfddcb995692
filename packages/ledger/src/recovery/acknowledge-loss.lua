--- @include "./loss.lua"
--- @include "../audit-log/audit-entry.lua"
-- Ends the alarm about a Redis that came back with less, with an audit entry: both or nothing. KEYS: 1 dataset, 2 how far the
-- ingests are, 3 the audit log, 4 its list of the subject. ARGV: 1 root, 2 at in ms, or '' for Redis' own clock, 3 by,
-- 4 why. Returns the loss (loss.lua).
local loss = read_loss(KEYS[1])
if loss[1] then
  add_audit_entry(ARGV[1], {
    at = ARGV[2], by = ARGV[3], action = 'acknowledge_loss', subject = 'dataset', why = ARGV[4],
    result = loss[3] .. ' orders before, ' .. loss[4] .. ' after',
  })
end
redis.call('HDEL', KEYS[1], unpack(loss_fields))
redis.call('DEL', KEYS[2])
return loss
