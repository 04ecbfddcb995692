--- @include "./order.lua"
--- @include "../../../audit-log/audit-entry.lua"
-- What a person did to this order; `more`: {result, task}.
local function audit(action, by, why, more)
  more = more or {}
  add_audit_entry(root, {
    at = now, by = by, action = action, subject = id, why = why, result = more.result, task = more.task,
  })
end
