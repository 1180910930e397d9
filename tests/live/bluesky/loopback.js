// Required before the servers: they listen on every interface by default, here on loopback alone.
const net = require('net')

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...given) {
  const [first, second] = given
  if (first && typeof first === 'object' && !first.path && first.port !== undefined) {
    given[0] = { ...first, host: '127.0.0.1' }
  } else if (typeof first === 'number' || /^\d+$/.test(first)) {
    if (typeof second === 'string') given[1] = '127.0.0.1'
    else given.splice(1, 0, '127.0.0.1')
  } else if (given.length === 0) {
    given = [0, '127.0.0.1']
  }
  return listen.apply(this, given)
}
