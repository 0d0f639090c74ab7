// What the official Segment client for Node says of one customer. Arguments: address and write key of Optiq.
const { Analytics } = require('@segment/analytics-node')

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, maxRetries: 0 })
analytics.on('error', (error) => {
  console.error(error)
  process.exitCode = 1
})

const url = 'https://shop.example/?utm_source=newsletter&utm_medium=email&utm_campaign=spring'
analytics.page({ anonymousId: 'v1', name: 'Home', context: { page: { url } } })
analytics.screen({ anonymousId: 'v1', name: 'Basket' })
analytics.identify({ anonymousId: 'v1', userId: 'u1', traits: { email: 'ada@example.com' } })
analytics.group({ userId: 'u1', groupId: 'g1', traits: { name: 'Analytical Engines' } })
analytics.alias({ previousId: 'v0', userId: 'u1' })
analytics.track({ userId: 'u1', event: 'Order Completed', properties: { revenue: 49.9, currency: 'EUR' } })
analytics.closeAndFlush({ timeout: 20000 })
