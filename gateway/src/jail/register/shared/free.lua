-- Forgets points and bans of somebody, and tells the other gateways, whether anything was known or not: one of them may
-- know a ban that was lost here.
--
-- KEYS: the score, the things, the ban, the events. ARGV: who, how many events are kept, for how long (milliseconds).
-- The answer: 1 when something was known, else 0.

local known = redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[2], '*', 'who', ARGV[1], 'freed', 1)
redis.call('PEXPIRE', KEYS[4], ARGV[3])
return math.min(known, 1)
