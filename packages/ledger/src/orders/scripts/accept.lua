--- @include "./parts/take-in.lua"
-- Takes an order in, or recognises it. ARGV: 4 fingerprint, 5 deadline in ms from when it was promised, 6 source, 7 dinerId,
-- 8 storeId, 9 request, 10 when it was promised by the caller's clock, or '' for now, 11 what that clock says now,
-- 12 double-click key or '', 13 double-click window in ms.
-- Returns {'accepted'|'existing', id} or {'conflict', id}.
local fingerprint, double_click_key, double_click_ms = ARGV[4], ARGV[12], ARGV[13]

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

take_in({
  fingerprint = fingerprint, deadline_ms = ARGV[5], source = ARGV[6], diner = ARGV[7], store = ARGV[8], request = ARGV[9],
}, promised_at(ARGV[10], ARGV[11]))
return { 'accepted', id }
