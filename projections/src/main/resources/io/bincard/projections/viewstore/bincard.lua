#!lua name=bincard

-- Every write to a view goes through this library. KEYS[1] is always the view store's mark: a hash with the epoch
-- (a random name for one filling of the store), the position that the views have reached and the position at which
-- a rebuild is done. All values are absolute; there are no increments, so a call made twice changes nothing twice.

local WRONG_EPOCH = -1
local GAP = -2

-- KEYS: mark, row. ARGV: epoch, version, then field and value in turn.
-- Writes the row if its version moves forward, or if the row is left over from another epoch.
-- Returns 1 if written, 0 if the row is as new already, -1 if the epoch is not the store's.
local function put(keys, args)
  local epoch = args[1]
  if redis.call('HGET', keys[1], 'epoch') ~= epoch then
    return WRONG_EPOCH
  end
  local row = redis.pcall('HMGET', keys[2], 'epoch', 'version')
  if row.err == nil and row[1] == epoch then
    local version = tonumber(row[2] or '')
    if version ~= nil and version >= tonumber(args[2]) then
      return 0
    end
  else
    -- Another epoch's row, or no row at all: nothing of it may shine through.
    redis.call('DEL', keys[2])
  end
  redis.call('HSET', keys[2], 'epoch', epoch, 'version', args[2], unpack(args, 3))
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
