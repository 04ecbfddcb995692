--- @include "./audit-entry.lua"
-- Adds an entry about something that is no change of an order. KEYS: 1 the audit log, 2 its list of the subject.
-- ARGV: 1 root, 2 at in ms, or '' for now, 3 by, 4 action, 5 subject, 6 why, 7 result or ''.
add_audit_entry(ARGV[1], {
  at = ARGV[2], by = ARGV[3], action = ARGV[4], subject = ARGV[5], why = ARGV[6], result = ARGV[7],
})
