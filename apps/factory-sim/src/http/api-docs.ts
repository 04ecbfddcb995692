/** `GET /api/docs`: `{message, version, endpoints}`, shaped as the real one's. */
export const apiDocs = {
  message: 'welcome to JWT Pizza Factory',
  version: 'proofbox-factory-sim',
  endpoints: [
    {
      method: 'POST',
      path: '/api/order',
      requiresAuth: true,
      description: 'Bakes an order and returns it as a signed JWT',
    },
    {
      method: 'POST',
      path: '/api/order/verify',
      requiresAuth: false,
      description: 'Tells whether a JWT is a pizza of this factory',
    },
    {
      method: 'GET',
      path: '/.well-known/jwks.json',
      requiresAuth: false,
      description: 'The public keys that pizzas are signed with',
    },
    {
      method: 'GET',
      path: '/api/support/:vendorToken/report/:fixCode',
      requiresAuth: false,
      description: 'Reports a problem',
    },
  ],
} as const;
