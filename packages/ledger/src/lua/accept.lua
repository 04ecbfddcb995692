-- Takes an order in, or recognises it. ARGV: 4 fingerprint, 5 deadlineAt, 6 source, 7 dinerId, 8 request,
-- 9 double-click key or '', 10 double-click window in ms.
-- Returns {'accepted'|'existing', id} or {'conflict', id}.
local fingerprint, deadline_at, source, diner_id, request = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local double_click_key, double_click_ms = ARGV[9], ARGV[10]

local known = field('fingerprint')
if known then
  return { known == fingerprint and 'existing' or 'conflict', id }
end

if double_click_key ~= '' then
  local first = redis.call('GET', double_click_key)
  if first and redis.call('EXISTS', root .. ':order:' .. first) == 1 then
    return { 'existing', first }
  end
  redis.call('SET', double_click_key, id, 'PX', double_click_ms)
end

take_in(fingerprint, deadline_at, source, diner_id, request)
return { 'accepted', id }
