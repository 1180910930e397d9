// A whole Bluesky network on loopback: directory, account server, view, moderation. Ports come from the
// environment; READY is printed once all of them answer. The network is empty at each start.
const { TestNetwork, mockMailer } = require('@atproto/dev-env')

const port = (name) => Number(process.env[name])

async function main() {
  const network = await TestNetwork.create({
    plc: { port: port('PLC_PORT') },
    pds: { port: port('PDS_PORT'), hostname: 'localhost', enableDidDocWithSession: true },
    bsky: {
      dbPostgresSchema: 'bsky',
      port: port('VIEW_PORT'),
      publicUrl: `http://localhost:${port('VIEW_PORT')}`,
    },
    ozone: { port: port('OZONE_PORT'), dbMaterializedViewRefreshIntervalMs: 30000 },
    introspect: { port: port('INTROSPECT_PORT') },
  })
  mockMailer(network.pds)
  const stop = async () => {
    await network.close()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdin.on('end', stop).resume() // the tests died: so does the network
  console.log('READY')
}

main().catch((error) => {
  console.error('FAILED', error)
  process.exit(1)
})
