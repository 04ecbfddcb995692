-- What a list says of these orders (search/read-summaries.ts). ARGV: 1 root, then ids. Returns for each that is there its
-- values in this order, how many attempts it has, and the last of them or ''. One reply for a whole page: a reply for each
-- order costs whoever asks more than all else.
local fields = { 'id', 'state', 'reason', 'dinerId', 'request', 'acceptedAt', 'updatedAt', 'replays' }
local root, found = ARGV[1], {}
for n = 2, #ARGV do
  local attempts = root .. ':attempts:' .. ARGV[n]
  local record = root .. ':order:' .. ARGV[n]
  local values = redis.call('HMGET', record, unpack(fields))
  if values[1] or redis.call('EXISTS', record) == 1 then
    values[1] = ARGV[n]
    for each = 1, #fields do values[each] = values[each] or '' end
    values[#fields + 1] = redis.call('LLEN', attempts)
    values[#fields + 2] = redis.call('LINDEX', attempts, -1) or ''
    found[#found + 1] = values
  end
end
return found
