--- @include "../redis/redis-time.lua"
-- Shared by every script that writes to the audit log. One shape for all entries; each is also listed under its subject,
-- so that the history of one order is found without a walk. Empty fields are left out. Without `at` it is now, by Redis'
-- own clock.
local function add_audit_entry(root, entry)
  local at = tonumber(entry.at) or redis_now()
  local fields = { 'at', at, 'by', entry.by, 'action', entry.action, 'subject', entry.subject, 'reason', entry.why }
  for _, name in ipairs({ 'result', 'task' }) do
    if entry[name] and entry[name] ~= '' then
      fields[#fields + 1] = name
      fields[#fields + 1] = entry[name]
    end
  end
  local entry_id = redis.call('XADD', root .. ':audit', '*', unpack(fields))
  redis.call('RPUSH', root .. ':audit-of:' .. entry.subject, entry_id)
end
