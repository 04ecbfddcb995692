--- @include "./order.lua"
-- Another body in place of the one there is, which is kept: five values of a list, which are when, who did it, why, and
-- the store and the request as they were. Attempts know how many edits lie before them.
local edits_key, values_of_edit = root .. ':edits:' .. id, 5
local function replace_request(request, store, by, why)
  redis.call('RPUSH', edits_key, now, by, why, field('storeId') or '', field('request'))
  redis.call('HSET', order_key, 'request', request, 'storeId', store)
  redis.call('HINCRBY', order_key, 'edits', 1)
end
