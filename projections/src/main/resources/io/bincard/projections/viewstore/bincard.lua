#!lua name=bincard

-- Every write to a view goes through this library. KEYS[1] is always the view store's mark: a hash with the epoch
-- (a random name for one filling of the store), the position that the views have reached and the position at which
-- a rebuild is done. All values are absolute; there are no increments, so a call made twice changes nothing twice.

local WRONG_EPOCH = -1
local GAP = -2

-- A row may stand in sorted sets, whose members are ordered by their bytes. Its field 'in' has a line for each, the set's
-- name and the member with a tab between them. Takes the row out of the sets that it leaves, puts it into those that it
-- comes to, and lets a set live as long as its row that lives longest.
local function move(prefix, before, after, till)
  local stays = {}
  for line in string.gmatch(after, '[^\n]+') do
    stays[line] = true
  end
  for line in string.gmatch(before, '[^\n]+') do
    if not stays[line] then
      local set, member = string.match(line, '^([^\t]*)\t(.*)$')
      redis.call('ZREM', prefix .. set, member)
    end
  end
  for line in string.gmatch(after, '[^\n]+') do
    local set, member = string.match(line, '^([^\t]*)\t(.*)$')
    redis.call('ZADD', prefix .. set, 0, member)
    if till ~= '' and redis.call('PEXPIRETIME', prefix .. set) < tonumber(till) then
      redis.call('PEXPIREAT', prefix .. set, till)
    end
  end
end

-- KEYS: mark, then rows. ARGV: epoch, then for each row its version, the sets it stands in, when it may be forgotten ('' for
-- never), the number of its fields, and field and value in turn.
-- Writes each row whose version moves forward, or that is left over from another epoch; a row that is as new already
-- stays as it is.
-- Returns 1, or -1 if the epoch is not the store's, and nothing is written then.
local function put(keys, args)
  local epoch = args[1]
  if redis.call('HGET', keys[1], 'epoch') ~= epoch then
    return WRONG_EPOCH
  end
  local prefix = string.match(keys[1], '^(.*:)')
  local at = 2
  for i = 2, #keys do
    local version = args[at]
    local sets = args[at + 1]
    local till = args[at + 2]
    local last = at + 3 + 2 * tonumber(args[at + 3])
    local row = redis.pcall('HMGET', keys[i], 'epoch', 'version', 'in')
    local known = nil
    local before = ''
    if row.err == nil and row[1] == epoch then
      known = tonumber(row[2] or '')
      before = row[3] or ''
    else
      -- Another epoch's row, or no row at all: nothing of it may shine through.
      redis.call('DEL', keys[i])
    end
    if known == nil or known < tonumber(version) then
      redis.call('HSET', keys[i], 'epoch', epoch, 'version', version, 'in', sets, unpack(args, at + 4, last))
      if sets ~= before or till ~= '' then
        move(prefix, before, sets, till)
      end
      if till ~= '' then
        redis.call('PEXPIREAT', keys[i], till)
      end
    end
    at = last + 1
  end
  return 1
end

-- KEYS: mark. ARGV: epoch, the position before the first event of the batch, that of its last event, its time.
-- Moves the store's position forward if no position is left out.
-- Returns 1 if the batch is in, -1 if the epoch is not the store's, -2 if events before the batch are missing here.
local function advance(keys, args)
  local mark = redis.call('HMGET', keys[1], 'epoch', 'position')
  if mark[1] ~= args[1] then
    return WRONG_EPOCH
  end
  local position = tonumber(mark[2])
  if position < tonumber(args[2]) then
    return GAP
  end
  if position < tonumber(args[3]) then
    redis.call('HSET', keys[1], 'position', args[3], 'positionMillis', args[4])
  end
  return 1
end

-- KEYS: mark. ARGV: the epoch to replace ('' for none), the new epoch, its first position, the position to rebuild to.
-- Starts an epoch: from here on every row of another epoch counts as unknown.
-- Returns 1 if started, 0 if another node was faster.
local function begin(keys, args)
  local epoch = redis.call('HGET', keys[1], 'epoch') or ''
  if epoch ~= args[1] then
    return 0
  end
  redis.call('DEL', keys[1])
  redis.call('HSET', keys[1], 'epoch', args[2], 'position', args[3], 'positionMillis', '0', 'rebuildTo', args[4])
  return 1
end

redis.register_function('bincard_put', put)
redis.register_function('bincard_advance', advance)
redis.register_function('bincard_begin', begin)
