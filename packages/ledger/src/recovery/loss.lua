-- Shared by the scripts that look at what Redis has lost: {when that was noticed, which kind, orders accepted before,
-- orders accepted after}, empty when there is nothing (dataset-watch.ts).
local loss_fields = { 'lossNoticedAt', 'lossKind', 'lossAcceptedBefore', 'lossAcceptedAfter' }
local function read_loss(key)
  local loss = redis.call('HMGET', key, unpack(loss_fields))
  return loss[1] and loss or {}
end
