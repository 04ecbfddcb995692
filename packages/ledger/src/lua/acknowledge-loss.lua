-- Ends the alarm about a Redis that came back with less, with an audit entry: both or nothing. KEYS: 1 dataset, 2 how far the
-- ingests are, 3 the audit log, 4 its list of the subject. ARGV: 1 root, 2 at in ms, 3 by, 4 why. Returns the loss as JSON, or
-- false when there is none.
local loss = redis.call('HGET', KEYS[1], 'loss')
if loss then
  local told = cjson.decode(loss)
  add_audit_entry(ARGV[1], {
    at = ARGV[2], by = ARGV[3], action = 'acknowledge_loss', subject = 'dataset', why = ARGV[4],
    result = string.format('%d orders before, %d after', told.acceptedBefore, told.acceptedAfter),
  })
end
redis.call('HDEL', KEYS[1], 'loss')
redis.call('DEL', KEYS[2])
return loss
