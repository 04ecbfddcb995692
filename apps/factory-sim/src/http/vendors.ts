/** Who may order, as it stands in a receipt. */
export type Vendor = { id: string; name: string };

/** api key -> vendor */
export type Vendors = ReadonlyMap<string, Vendor>;

/** One vendor for each api key. The factory's name is in the vendor's, so that a receipt shows who baked it. */
export function createVendors(options: { apiKeys: string[]; factory: string }): Vendors {
  return new Map(
    options.apiKeys.map((apiKey, index) => [
      apiKey,
      { id: `vendor-${index + 1}`, name: `Vendor ${index + 1} of ${options.factory}` },
    ]),
  );
}

/** The key in `Authorization: Bearer <key>`; an empty string, which is nobody's key, when there is none. */
export function apiKeyIn(authorization: string | undefined): string {
  return /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] ?? '';
}
