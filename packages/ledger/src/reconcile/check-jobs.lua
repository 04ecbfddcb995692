-- Looks at one slice of jobs. KEYS: 1 a list or sorted set of job ids. ARGV: 1 root, 2 offset, 3 how many.
-- Returns {how many it saw, ids without an order, ids whose order is settled, all ids}.
local offset = tonumber(ARGV[2])
local kind = redis.call('TYPE', KEYS[1]).ok
local range = kind == 'list' and 'LRANGE' or 'ZRANGE'
local ids = kind == 'none' and {} or redis.call(range, KEYS[1], offset, offset + ARGV[3] - 1)
local without_order, settled = {}, {}
for _, id in ipairs(ids) do
  local state = redis.call('HGET', ARGV[1] .. ':order:' .. id, 'state')
  if not state then
    without_order[#without_order + 1] = id
  elseif state ~= 'queued' and state ~= 'baking' then
    settled[#settled + 1] = id
  end
end
return { #ids, without_order, settled, ids }
