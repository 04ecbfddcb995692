--- @include "./index-defects.lua"
-- Looks at one slice of a sorted set of orders. KEYS: 1 the sorted set. ARGV: 1 root, 2 offset, 3 how many, 4.. names
-- (index-defects.lua). Returns {how many it saw, ids that are wrong in an index, ids without a readable record}.
local root, offset = ARGV[1], tonumber(ARGV[2])
local names = names_from(4)
local ids = redis.call('ZRANGE', KEYS[1], offset, offset + ARGV[3] - 1)
local wrong, lost = {}, {}
for _, id in ipairs(ids) do
  local found, has_record = defects_of(root, id, names)
  if #found > 0 then wrong[#wrong + 1] = id end
  if not has_record then lost[#lost + 1] = id end
end
return { #ids, wrong, lost }
